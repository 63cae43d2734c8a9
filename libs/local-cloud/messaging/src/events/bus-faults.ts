import { failure, type ServiceFaults } from '@outbox/local-cloud-kernel';

const KINDS = [
  /** Some entries of a PutEvents fail while the call succeeds. */
  'partial-put-events',
  /** The event bus takes nothing for a while: every PutEvents fails. */
  'bus-outage',
];

interface Output {
  readonly FailedEntryCount?: number;
  readonly Entries?: readonly unknown[];
}

/** What goes wrong with buses. */
export const busFaults: ServiceFaults = {
  kinds: KINDS,
  async around(faults, { operation }, input, run) {
    if (operation !== 'PutEvents') return run(input);
    if (faults.isOut('bus-outage', 'bus')) throw failure({}, 'injected outage');
    const entries = input['Entries'];
    if (!Array.isArray(entries) || entries.length === 0 || !faults.strikes('partial-put-events')) return run(input);
    const failing = new Set([...entries.keys()].filter(() => faults.random() < 0.5));
    if (failing.size === 0) failing.add(0);
    const accepted = entries.filter((_entry, index) => !failing.has(index));
    const output = accepted.length > 0 ? ((await run({ ...input, Entries: accepted })) as Output) : {};
    const results = [...(output.Entries ?? [])];
    return {
      ...output,
      FailedEntryCount: failing.size + (output.FailedEntryCount ?? 0),
      Entries: entries.map((_entry, index) =>
        failing.has(index) ? { ErrorCode: 'InternalFailure', ErrorMessage: 'injected fault' } : results.shift(),
      ),
    };
  },
};
