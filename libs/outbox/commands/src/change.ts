import {
  entityTags,
  isoTime,
  isWeak,
  matchesStrongly,
  matchesWeakly,
  type EntityTags,
  type HttpAnswer,
  type HttpRequest,
  type Problem,
} from '@outbox/function-kit';
import { aggregateAnswer, isAt, replayedAnswer, type AnswerForm } from './answer';
import type { ChangeCommand, CommandPorts } from './commands';
import { contextOf } from './commit-context';
import { loadCurrent, type Current } from './current';
import { etagOf } from './etag';
import type { CommandProblems } from './problems';
import { readBody } from './read-body';
import { refusalAnswer } from './refusal';
import { identify, type RequestIdentity } from './request-identity';
import { isSpent, marshalMarks, unmarshalMarks, withChange } from './request-marks';

/** A request for a change, read. */
interface Change<I> {
  readonly input: I;
  readonly hashes: RequestIdentity['hashes'];
  readonly ifMatch: EntityTags | undefined;
  readonly ifNoneMatch: EntityTags | undefined;
  readonly form: AnswerForm;
}

/** How many times a change is tried that keeps losing races while its preconditions (`*` or a list) stay true. */
const MAX_TRIES = 5;

/** Changes an aggregate, once for one Idempotency-Key. */
export async function changeRoute<I, S, A extends string>(
  ports: CommandPorts<S, A>,
  command: ChangeCommand<I, S, A>,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const { isId, problems } = ports;
  const id = request.parameters[command.id];
  if (id === undefined || !isId(id)) return { problem: problems.notFound() };
  const body = readBody(problems, request, command.parse);
  if ('problem' in body) return body;
  const identity = identify(ports, request, body.value);
  if ('problem' in identity) return identity;
  const change: Change<I> = {
    input: body.value,
    hashes: identity.hashes,
    ifMatch: entityTags(request, 'If-Match'),
    ifNoneMatch: entityTags(request, 'If-None-Match'),
    form: { status: 200, location: locationAbove(request.route, command.id, id) },
  };
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const current = await loadCurrent(ports, request, command.id);
    if ('problem' in current) return current;
    const answer =
      (await earlierAnswer(ports, current, change)) ?? (await apply(ports, command, request, current, change));
    if (answer !== 'overtaken') return answer;
  }
  return { problem: problems.busy() };
}

/** What a request with this key was answered before, if there was one. */
async function earlierAnswer<I, S, A extends string>(
  ports: CommandPorts<S, A>,
  { ref, loaded }: Current,
  { hashes, form }: Change<I>,
): Promise<HttpAnswer | undefined> {
  if (!hashes) return undefined;
  const marks = unmarshalMarks(loaded.item);
  const earlier = marks.recentRequests.find(({ keyHash }) => keyHash === hashes.keyHash);
  if (earlier) {
    return earlier.bodyHash === hashes.bodyHash
      ? replayedAnswer(ports, ref, loaded, earlier.sequence, form)
      : { problem: ports.problems.keyReused() };
  }
  return isSpent(marks, hashes.keyHash) ? { problem: ports.problems.replayExpired(form.location) } : undefined;
}

/** Tries to make the change; `overtaken`: another one was made meanwhile, and nothing came of this try. */
async function apply<I, S, A extends string>(
  ports: CommandPorts<S, A>,
  { run, counter }: ChangeCommand<I, S, A>,
  request: HttpRequest,
  { ref, loaded: { head, item }, owner }: Current,
  change: Change<I>,
): Promise<HttpAnswer | 'overtaken'> {
  const { aggregate, clock, metrics, outbox, problems } = ports;
  const version = head.lastSequence;
  const problem = falsePrecondition(problems, change, version);
  if (problem) return { problem };
  const state = await ports.load(ref.id);
  if (state === undefined) return { problem: problems.notFound() };
  const context = contextOf(request);
  const decision = await run(change.input, { id: ref.id, owner, at: isoTime(clock.now()), state, version });
  // A state newer than the head may be refused what the head's own state was not, or what If-Match rules out.
  if ('problem' in decision) return (await isAt(ports, ref, version)) ? decision : 'overtaken';

  const { events, write, answer } = decision;
  const text = JSON.stringify(answer);
  const { hashes, form } = change;
  const mark = hashes && { ...hashes, sequence: version + events.length };
  const result = await outbox.commit(
    {
      aggregate,
      id: ref.id,
      after: version,
      events,
      write,
      context,
      marks: mark && marshalMarks(withChange(unmarshalMarks(item), mark)),
      answer: text,
    },
    request,
  );
  switch (result.kind) {
    case 'committed':
      if (counter !== undefined) metrics.count(counter);
      return aggregateAnswer(form, result.sequence, text);
    case 'conflict':
      return 'overtaken';
    case 'refused':
      return refusalAnswer(problems, decision, result);
    case 'busy':
      return { problem: problems.busy() };
  }
}

/** Source: RFC 9110, 13.2.2: If-Match before If-None-Match, and 412 for each where the method changes something. */
function falsePrecondition<I>(
  problems: CommandProblems,
  { ifMatch, ifNoneMatch }: Change<I>,
  version: number,
): Problem | undefined {
  const etag = etagOf(version);
  if (ifMatch === undefined) return problems.ifMatchMissing();
  if (!matchesStrongly(ifMatch, etag)) return problems.ifMatchStale(version, [...ifMatch].some(isWeak));
  return ifNoneMatch && matchesWeakly(ifNoneMatch, etag)
    ? problems.preconditionFailed('If-None-Match', etag)
    : undefined;
}

/** The aggregate's URL, relative to that of a route which ends with the aggregate's id or goes on below it. */
function locationAbove(route: string, parameter: string, id: string): string {
  const below = route.split(`{${parameter}}`)[1]?.split('/').length ?? 1;
  return '../'.repeat(below - 1) + encodeURIComponent(id);
}
