/** Whose metrics are written, as Terraform's `custom_metrics` says. */
export type CustomMetrics = 'all' | 'sweeper' | 'none';

/**
 * The metrics that functions write, each with the dimensions `service` and `function_name`: one to pay for in every hour
 * in which it is written. `steady`: while all is well; `odd`: in hours only in which something is out of the ordinary.
 */
export const CUSTOM_METRICS = {
  'behind the API': { steady: ['one per kind of change'], odd: ['UnexpectedErrors'] },
  'outbox-relay': { steady: ['EventsRelayed', 'RelayLag'], odd: ['UnreadableRecords'] },
  'outbox-acknowledger': {
    steady: ['Acknowledged', 'PublishLag'],
    odd: ['Unchanged', 'Busy', 'DeadLettered', 'Failed'],
  },
  'outbox-sweeper': {
    steady: ['SweepRuns', 'OldestUnpublishedAge', 'EventsRepublished', 'EventsRefused', 'EventsFailed'],
    odd: ['SweepBudgetHalved'],
  },
  'each consumer': {
    steady: ['Applied', 'ConsumerLag', 'OnTime'],
    odd: [
      'Duplicates',
      'Skipped',
      'Parked',
      'Waiting',
      'VersionConflicts',
      'FailedRepeatedly',
      'Busy',
      'DeadLettered',
      'Failed',
    ],
  },
} as const;

/** Kinds of change that a client asks for: a creation and an update. */
const CHANGES = 2;

/** How many metrics are written in an hour in which all is well. */
export function metricsWritten(
  whose: CustomMetrics,
  { consumers, flowing }: { readonly consumers: number; readonly flowing: boolean },
): number {
  const steadyOf = (writer: keyof typeof CUSTOM_METRICS): number => CUSTOM_METRICS[writer].steady.length;
  if (whose === 'none') return 0;
  const sweeper = steadyOf('outbox-sweeper');
  if (whose === 'sweeper' || !flowing) return sweeper;
  const path = CHANGES + steadyOf('outbox-relay') + steadyOf('outbox-acknowledger');
  return sweeper + path + consumers * steadyOf('each consumer');
}
