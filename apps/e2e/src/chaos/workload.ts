import type { Random } from '@outbox/testing';
import type { PatientClient } from './client';
import type { Finding } from './finding';

/**
 * What the harness needs to know of the handlers under test; the order example is one. Give it your own and the rest
 * (faults, disturbances, waiting for quiet, the report) stays.
 */
export interface Workload<Accepted> {
  /**
   * One client's whole business, number `index` of the run: its requests, repeated until each is answered. Resolves to
   * what it was told. Whatever it chooses, it chooses by `random`.
   */
  run(index: number, client: PatientClient, random: Random): Promise<Accepted>;
  /** Compares what clients were told with what is there, once all is quiet; reads public data only. */
  judge(accepted: readonly Accepted[]): Promise<Verdict>;
}

export interface Verdict {
  /** How much was accepted and found, for the report: name and count. */
  readonly totals: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}
