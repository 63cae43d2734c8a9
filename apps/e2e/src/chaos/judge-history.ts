import { isDeepStrictEqual } from 'node:util';
import type { CommittedEvent } from './committed-event';
import type { Finding } from './finding';
import { isLegal } from './order-status';

type Problem = Pick<Finding, 'kind' | 'detail'>;

/**
 * The versions of an order, one after the other. Pure. Each is the one before with the fields changed that it names, and a
 * legal step from it: whoever wrote it knew it. Otherwise it has overwritten what somebody was told is done.
 */
export function judgeHistory(events: readonly CommittedEvent[]): Problem[] {
  return events.slice(1).flatMap(({ version, data }, index): Problem[] => {
    const before = events[index];
    if (before === undefined || before.version !== version - 1) return [];
    const changed = new Set([...(data['changed'] as readonly string[]), 'changed', 'version', 'updatedAt']);
    const overwritten = Object.keys({ ...before.data, ...data }).filter(
      (name) => !changed.has(name) && !isDeepStrictEqual(data[name], before.data[name]),
    );
    const [from, to] = [String(before.data['status']), String(data['status'])];
    return [
      ...overwritten.map((name) => overwrites(version, `${name} is not what it was, and is not among what changed`)),
      ...(changed.has('status') && !isLegal(from, { status: to })
        ? [overwrites(version, `from ${from} to ${to}`)]
        : []),
    ];
  });
}

function overwrites(version: number, detail: string): Problem {
  return { kind: 'lost', detail: `version ${version} overwrites the one before: ${detail}` };
}
