import { mustHold, type ParkingProbe } from './probe';

/** Long enough to be told from a message that comes back at once, far below the queue's own timeout. */
const PARKED_SECONDS = 8;
export const VISIBILITY_SECONDS = 120;

/** Probes of a queue and its function. */
export const parkingProbes: readonly ParkingProbe[] = [
  {
    id: 'parked-visibility',
    run: async (lab) => {
      const seconds = await lab.park(PARKED_SECONDS);
      const holds = seconds >= PARKED_SECONDS && seconds < VISIBILITY_SECONDS;
      return mustHold(
        holds,
        `hidden for ${PARKED_SECONDS} s and failed, it was back and done after ${seconds.toFixed(1)} s`,
      );
    },
  },
];
