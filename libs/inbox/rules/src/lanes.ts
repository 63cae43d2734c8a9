/**
 * Splits a batch into one lane per subject, each sorted by version, so that a batch that arrives shuffled parks
 * nothing. Lanes are independent of each other; equal versions keep their order of arrival.
 */
export function lanesOf<T>(batch: readonly T[], placeOf: (entry: T) => { subject: string; version: number }): T[][] {
  const lanes = new Map<string, { entry: T; version: number }[]>();
  for (const entry of batch) {
    const { subject, version } = placeOf(entry);
    const lane = lanes.get(subject) ?? [];
    lanes.set(subject, lane);
    lane.push({ entry, version });
  }
  return [...lanes.values()].map((lane) => lane.sort((a, b) => a.version - b.version).map(({ entry }) => entry));
}
