import type { Caller } from '@outbox/local-cloud-kernel';
import type { BusEvent } from './event';

/**
 * What rules send on to other buses. It goes through PutEvents, as anybody's events do, and stays the event it was: id,
 * account, Region and time are the sender's (EventBridge guide, "Sending and receiving events between AWS accounts").
 */
export class Forwarding {
  readonly #events = new WeakMap<Caller, BusEvent>();

  /** A caller whose next PutEvents is for this event. */
  callerFor(event: BusEvent, caller: Caller): Caller {
    const own = { ...caller };
    this.#events.set(own, { ...event, isForwarded: true });
    return own;
  }

  /** The event a rule sends on through this caller; undefined for everybody else's. */
  eventOf(caller: Caller): BusEvent | undefined {
    return this.#events.get(caller);
  }
}
