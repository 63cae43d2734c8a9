import schema from '../generators/consumer/schema.json' with { type: 'json' };
import { generate } from './generate.ts';
import { type Settings, UserError } from './settings.ts';

/** What the words mean that an argument takes. */
const meanings: Readonly<Record<string, string>> = {
  once: 'each event once, in any order',
  'in-order': 'an aggregate’s events one after the other',
  latest: 'the newest event of an aggregate',
  effect: 'fields that are kept, a pure function of the event',
  complete: 'reads, writes and further events in one transaction',
  call: 'an outside call first',
};

/**
 * `make new-consumer NAME= POLICY= FORM= ON=`: the Nx generator `consumer` of this workspace. Returns its exit code.
 * @throws UserError when NAME is missing, or POLICY or FORM is none; whether NAME is free and ON exists the generator says
 */
export async function newConsumer(settings: Settings): Promise<number> {
  const { NAME: name, POLICY: policy, FORM: form, ON: on } = settings.environment;
  if (!name) throw new UserError('NAME= is missing: make new-consumer NAME=audit POLICY=in-order');
  refuseOther('POLICY', policy ?? '', schema.properties.policy.enum);
  if (form) refuseOther('FORM', form, schema.properties.form.enum);
  return generate(settings, 'consumer', { name, policy, form, on });
}

function refuseOther(argument: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  const list = known.map((one) => `${one} (${meanings[one] ?? ''})`);
  throw new UserError(`${argument}=${value} is none: ${list.slice(0, -1).join(', ')} or ${list.at(-1) ?? ''}`);
}
