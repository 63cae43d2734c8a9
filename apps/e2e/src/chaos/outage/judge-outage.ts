import type { Finding } from '../finding';
import type { ApiFeel } from './api-meter';
import type { Drain } from './drain';
import type { OutageKind } from './scenario';

/** What could be seen of an outage beside the tables. */
export interface OutageFacts {
  readonly drain: Drain;
  readonly api: ApiFeel;
}

/** A request in a hundred may fail on a machine that is short of breath. */
const MOST_FAILED = 0.01;

/** Holds what was seen against what the kind of outage allows. Pure. */
export function judgeOutage(
  { deadLetters: expected, apiMayFail }: Pick<OutageKind, 'deadLetters' | 'apiMayFail'>,
  { drain, api }: OutageFacts,
): Finding[] {
  const unexpected = drain.deadLetters.filter(
    ({ consumer, reason }) => consumer !== expected?.consumer || !expected.reasons.includes(reason),
  );
  return [
    ...unexpected.map(({ consumer, reason, count }): Finding => ({
      kind: 'stuck',
      subject: consumer,
      detail: `${count} messages were dead-lettered (${reason}), which this outage is no reason for`,
    })),
    ...(drain.isDrained
      ? []
      : [finding('stuck', 'queues', `not drained ${Math.round(drain.engineMs / 60_000)} minutes after the outage`)]),
    ...(!apiMayFail && api.failed > api.requests * MOST_FAILED
      ? [finding('wrong-answer', 'API', `${api.failed} of ${api.requests} requests failed`)]
      : []),
  ];
}

function finding(kind: Finding['kind'], subject: string, detail: string): Finding {
  return { kind, subject, detail };
}
