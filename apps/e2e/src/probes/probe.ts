import type { OutboxLab } from './outbox-lab';
import type { ParkingLab } from './parking-lab';

/** What a probe finds out about AWS: an assumption of docs/assumptions.md, named by its id there. */
export interface Probe<Lab> {
  readonly id: string;
  /** Does one small thing and answers what it saw. @throws Refuted when AWS does otherwise than assumed */
  readonly run: (lab: Lab) => Promise<string>;
}

export type OutboxProbe = Probe<OutboxLab>;
export type ParkingProbe = Probe<ParkingLab>;

/** AWS does otherwise than assumed; the message says what was seen. */
export class Refuted extends Error {
  override readonly name = 'Refuted';
}

/** @throws Refuted with `seen` unless `holds` */
export function mustHold(holds: boolean, seen: string): string {
  if (!holds) throw new Refuted(seen);
  return seen;
}
