import type { CommittedEvent } from './committed-event';
import type { Finding } from './finding';
import type { Row } from './rows';

/** What a consumer promises, and the name it is told by. */
export interface ConsumerPromise {
  readonly name: string;
  readonly policy: 'once' | 'in-order' | 'latest';
  /** Types it listens to; all when not given. */
  readonly eventTypes?: readonly string[] | null | undefined;
}

const EFFECT = 'EFFECT#';

/**
 * What one consumer made of the events of one subject (contiguous versions from 1), by its rows there. Pure; knows the
 * three delivery policies and nothing of orders.
 */
export function judgeConsumer(
  promise: ConsumerPromise,
  subject: string,
  events: readonly CommittedEvent[],
  rows: readonly Row[],
): Finding[] {
  const found = (kind: Finding['kind'], detail: string): Finding => ({
    kind,
    subject,
    detail: `${promise.name}: ${detail}`,
  });
  const due = events.filter(({ type }) => promise.eventTypes?.includes(type) ?? true);
  const left = unfinished(rows, found);
  if (promise.policy === 'latest') return [...left, ...judgeHead(due, headOf(rows), found)];
  // What isn't completed has no event's id yet.
  const effects = rows.filter((row) => String(row['sk']).startsWith(EFFECT) && row['eventId'] !== undefined);
  return [
    ...left,
    ...missing(due, effects, found),
    ...surplus(due, effects, found),
    ...(promise.policy === 'in-order' ? [...disorder(effects, found), ...judgeHead(due, headOf(rows), found)] : []),
  ];
}

type Found = (kind: Finding['kind'], detail: string) => Finding;

/** What was begun and not completed: a claim that nobody took over, a failed attempt that was not repeated, a dead letter. */
function unfinished(rows: readonly Row[], found: Found): Finding[] {
  return rows
    .filter((row) => row['pending.status'] !== undefined)
    .map((row) => {
      const what = `${row['pending.type']} ${row['pending.version']} is ${row['pending.status']}`;
      return found(
        'stuck',
        `${what} after ${row['pending.attempts']} attempts: ${row['pending.lastError'] ?? 'no error'}`,
      );
    });
}

function headOf(rows: readonly Row[]): Row | undefined {
  return rows.find((row) => row['sk'] === 'INBOX');
}

function missing(due: readonly CommittedEvent[], effects: readonly Row[], found: Found): Finding[] {
  const done = new Set(effects.map((row) => row['eventId']));
  return due
    .filter(({ id }) => !done.has(id))
    .map(({ version, type, id }) => found('lost', `no effect of version ${version} (${type} ${id})`));
}

function surplus(due: readonly CommittedEvent[], effects: readonly Row[], found: Found): Finding[] {
  const left = new Set(due.map(({ id }) => id));
  return effects
    .filter((row) => !left.delete(String(row['eventId'])))
    .map((row) => found('duplicated', `an effect too many: ${String(row['sk'])} of event ${String(row['eventId'])}`));
}

function disorder(effects: readonly Row[], found: Found): Finding[] {
  const byVersion = [...effects].sort((a, b) => Number(a['version']) - Number(b['version']));
  return byVersion.flatMap((row, index) => {
    const before = byVersion[index - 1];
    if (!before || String(before['appliedAt']) <= String(row['appliedAt'])) return [];
    const at = String(row['appliedAt']);
    return [found('reordered', `version ${row['version']} at ${at}, before version ${before['version']}`)];
  });
}

function judgeHead(due: readonly CommittedEvent[], head: Row | undefined, found: Found): Finding[] {
  const last = due.at(-1);
  const version = Number(head?.['lastVersion'] ?? 0);
  if (!last) return version === 0 ? [] : [found('duplicated', `is at version ${version} of nothing`)];
  if (version < last.version) return [found('lost', `is at version ${version} of ${last.version}`)];
  if (version > last.version) return [found('duplicated', `is at version ${version} of ${last.version}`)];
  const id = String(head?.['lastEventId']);
  return id === last.id ? [] : [found('duplicated', `version ${version} is of event ${id}, committed is ${last.id}`)];
}
