import { OutboxLab } from './outbox-lab';
import { outboxProbes } from './outbox-probes';
import { ParkingLab } from './parking-lab';
import { parkingProbes, VISIBILITY_SECONDS } from './parking-probes';
import { type Probe, Refuted } from './probe';
import type { Workbench } from './workbench';

export interface ProbeResult {
  readonly id: string;
  /** `error`: it could not be found out. */
  readonly verdict: 'PASS' | 'FAIL' | 'ERROR';
  readonly seen: string;
}

/**
 * Every probe, one after the other, then removes what they made; `report` is told each result as it comes. What can't be
 * removed is a result too: somebody has to do it by hand.
 */
export async function runProbes(
  bench: Workbench,
  report: (result: ProbeResult) => void,
): Promise<readonly ProbeResult[]> {
  const results: ProbeResult[] = [];
  const add = (result: ProbeResult): void => {
    results.push(result);
    report(result);
  };
  const run = async <Lab>(probes: readonly Probe<Lab>[], lab: Promise<Lab>): Promise<void> => {
    for (const probe of probes) add(await verdictOf(probe, lab));
  };
  await run(outboxProbes, OutboxLab.build(bench));
  await run(parkingProbes, ParkingLab.build(bench, VISIBILITY_SECONDS));
  for (const seen of await bench.close()) add({ id: 'cleaning-up', verdict: 'ERROR', seen });
  return results;
}

/** One probe; a lab that could not be built is an error of each of its probes. */
export async function verdictOf<Lab>(probe: Probe<Lab>, lab: Promise<Lab>): Promise<ProbeResult> {
  try {
    return { id: probe.id, verdict: 'PASS', seen: await probe.run(await lab) };
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    return { id: probe.id, verdict: error instanceof Refuted ? 'FAIL' : 'ERROR', seen };
  }
}
