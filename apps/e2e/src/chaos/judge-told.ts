import { isDeepStrictEqual } from 'node:util';
import type { Told, ToldImport } from './accepted-order';
import type { CommittedEvent } from './committed-event';
import type { Finding } from './finding';

type Problem = Pick<Finding, 'kind' | 'detail'>;

/**
 * What clients were told of an order, against its events. Pure. Events with a cause are a consumer's; every other one was
 * asked for by a client, once, and is what that client was told.
 */
export function judgeTold(told: Told, events: readonly CommittedEvent[]): Problem[] {
  const asked = events.filter(({ causationId }) => causationId === undefined);
  return told.kind === 'answers' ? judgeAnswers(told.answers, events, asked) : judgeImports(told.imports, asked);
}

function judgeAnswers(
  answers: Extract<Told, { kind: 'answers' }>['answers'],
  events: readonly CommittedEvent[],
  asked: readonly CommittedEvent[],
): Problem[] {
  const lost = [...answers].flatMap(([version, answer]): Problem[] => {
    const event = events.find((one) => one.version === version);
    if (event === undefined) return [{ kind: 'lost', detail: `version ${version} was accepted, and has no event` }];
    if (event.causationId !== undefined) {
      return [{ kind: 'lost', detail: `version ${version} was accepted, and is what ${event.causationId} caused` }];
    }
    const { changed: _, ...order } = event.data;
    if (isDeepStrictEqual(order, answer)) return [];
    return [{ kind: 'lost', detail: `version ${version} is not as it was answered: ${JSON.stringify(order)}` }];
  });
  const surplus = asked
    .filter(({ version }) => !answers.has(version))
    .map(({ version, type }): Problem => ({
      kind: 'duplicated',
      detail: `version ${version} (${type}) was accepted from no client`,
    }));
  return [...lost, ...surplus];
}

function judgeImports(imports: readonly ToldImport[], asked: readonly CommittedEvent[]): Problem[] {
  const byName = Map.groupBy(asked, ({ correlationId }) => correlationId ?? '');
  const known = new Set(imports.map(({ name }) => name));
  return [
    ...imports.flatMap((one) => judgeImport(one, byName.get(one.name) ?? [])),
    ...[...byName]
      .filter(([name]) => !known.has(name))
      .map(([name, { length }]): Problem => ({
        kind: 'duplicated',
        detail: `${length} events of ${name}, which nobody asked for`,
      })),
  ];
}

/** All of its events right after the version it was based on, or none of them. */
function judgeImport(
  { name, after, events, outcome, isUncertain }: ToldImport,
  its: readonly CommittedEvent[],
): Problem[] {
  const versions = its.map(({ version }) => version);
  const all = Array.from({ length: events }, (_, index) => after + 1 + index);
  const isAll = isDeepStrictEqual(versions, all);
  const is = `${name}: based on ${after}, ${events} events, committed are ${versions.join(', ') || 'none'}`;
  const problem = (kind: Finding['kind'], why: string): Problem[] => [{ kind, detail: `${is}: ${why}` }];
  if (outcome.kind === 'committed') {
    if (!isAll) return problem(versions.length > events ? 'duplicated' : 'lost', 'it was told it is committed');
    if (outcome.sequence === after + events) return [];
    return problem('wrong-answer', `it was told that its last event is ${outcome.sequence}`);
  }
  if (outcome.lastSequence === after)
    return problem('wrong-answer', 'it was told of a conflict with this very version');
  if (versions.length === 0 || (isUncertain && isAll)) return [];
  return problem('duplicated', 'it was told of a conflict');
}
