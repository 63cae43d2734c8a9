import { newAggregate } from './new-aggregate.ts';
import { newConsumer } from './new-consumer.ts';
import { loadSettings } from './settings.ts';

const settings = (environment: Record<string, string>) => loadSettings('/nowhere', environment);

describe('what make generates', () => {
  it.each<[string, Record<string, string>]>([
    ['NAME= is missing: make new-consumer NAME=audit POLICY=in-order', {}],
    ['POLICY= is none: once (each event once, in any order), in-order (', { NAME: 'audit' }],
    ['POLICY=twice is none: once (', { NAME: 'audit', POLICY: 'twice' }],
    ['FORM=pull is none: effect (', { NAME: 'audit', POLICY: 'once', FORM: 'pull' }],
  ])('refuses a consumer: %s', async (reason, environment) => {
    await expect(newConsumer(settings(environment))).rejects.toThrow(reason);
  });

  it.each<[string, Record<string, string>]>([
    ['NAME= is missing: make new-aggregate', {}],
    ['EVENTS= is missing: make new-aggregate', { NAME: 'parcel' }],
  ])('refuses an aggregate: %s', async (reason, environment) => {
    await expect(newAggregate(settings(environment))).rejects.toThrow(reason);
  });
});
