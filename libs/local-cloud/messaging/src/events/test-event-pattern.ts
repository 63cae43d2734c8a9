import type { Service } from '@outbox/local-cloud-kernel';
import { compilePattern, isJsonObject, parseForMatching } from '@outbox/local-cloud-pattern';
import { validation } from './errors';

/** Members an event must have to be tested (EventBridge API reference; AWS does not insist on `resources`). */
const MANDATORY = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

export function testEventPattern(): Service<'events'>['operations'] {
  return {
    TestEventPattern: {
      requires: () => [{ action: 'events:TestEventPattern', resource: '*' }],
      handle: (input) => {
        const event = parseForMatching(input.Event ?? '');
        if (!isJsonObject(event) || MANDATORY.some((name) => !Object.hasOwn(event, name))) {
          throw validation('Parameter Event is not valid.');
        }
        return { Result: compilePattern(input.EventPattern ?? '').matches(event) };
      },
    },
  };
}
