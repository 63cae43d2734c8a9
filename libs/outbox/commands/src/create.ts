import { entityTags, isoTime, principalOf, type HttpAnswer, type HttpRequest } from '@outbox/function-kit';
import { aggregateAnswer, replayedAnswer, type AnswerForm } from './answer';
import { contextOf } from './commit-context';
import type { CommandPorts, CreateCommand } from './commands';
import { readBody } from './read-body';
import { refusalAnswer } from './refusal';
import { identify, type RequestIdentity } from './request-identity';
import { isSpent, marshalMarks, unmarshalMarks } from './request-marks';

/** Makes an aggregate whose id follows from the request's Idempotency-Key: a repeat meets what the first one made. */
export async function createRoute<I, S, A extends string>(
  ports: CommandPorts<S, A>,
  { parse, run, counter }: CreateCommand<I, S, A>,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const { aggregate, clock, metrics, outbox, problems } = ports;
  const body = readBody(problems, request, parse);
  if ('problem' in body) return body;
  const identity = identify(ports, request, body.value);
  if ('problem' in identity) return identity;
  // There is nothing yet that could match; If-None-Match is true for the same reason.
  if (entityTags(request, 'If-Match')) return { problem: problems.preconditionFailed('If-Match', undefined) };

  const { id, hashes } = identity;
  const form: AnswerForm = { status: 201, location: locationBelow(request, id) };
  const owner = principalOf(request).id;
  const decision = await run(body.value, { id, owner, at: isoTime(clock.now()) });
  // What is refused now may have been carried out when it came first.
  if ('problem' in decision) return (await firstAnswer(ports, identity, form)) ?? decision;

  const { events, write, answer } = decision;
  const text = JSON.stringify(answer);
  const sequence = events.length;
  const result = await outbox.commit(
    {
      aggregate,
      id,
      after: 0,
      events,
      write,
      context: contextOf(request),
      marks: hashes && marshalMarks({ createdBy: { ...hashes, sequence }, recentRequests: [], spentKeys: [] }),
      answer: text,
    },
    request,
  );
  switch (result.kind) {
    case 'committed':
      if (counter !== undefined) metrics.count(counter);
      return aggregateAnswer(form, result.sequence, text);
    case 'conflict':
      return (await firstAnswer(ports, identity, form)) ?? { problem: problems.busy() };
    case 'refused':
      return refusalAnswer(problems, decision, result);
    case 'busy':
      return { problem: problems.busy() };
  }
}

/** What the request that made this aggregate was answered, if this is a repeat of it; undefined: there is none. */
async function firstAnswer<S, A extends string>(
  ports: CommandPorts<S, A>,
  { id, hashes }: RequestIdentity,
  form: AnswerForm,
): Promise<HttpAnswer | undefined> {
  if (!hashes) return undefined;
  const ref = { aggregate: ports.aggregate, id };
  const loaded = await ports.outbox.loadHead(ref);
  if (!loaded) return undefined;
  const marks = unmarshalMarks(loaded.item);
  if (isSpent(marks, hashes.keyHash)) return { problem: ports.problems.replayExpired(form.location) };
  const { createdBy } = marks;
  if (!createdBy || createdBy.keyHash !== hashes.keyHash || createdBy.bodyHash !== hashes.bodyHash) {
    return { problem: ports.problems.keyReused() };
  }
  return replayedAnswer(ports, ref, loaded, createdBy.sequence, form);
}

/**
 * The aggregate's URL, relative to that of the collection: right wherever the API is, at the root, under a stage or,
 * locally, under a prefix that the function isn't told. Source: RFC 9110, 10.2.2; RFC 3986, 5.2.
 */
function locationBelow({ event }: HttpRequest, id: string): string {
  const collection = event.rawPath.split('/').at(-1) ?? '';
  return `${encodeURIComponent(collection)}/${encodeURIComponent(id)}`;
}
