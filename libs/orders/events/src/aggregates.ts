import type { AggregateType } from '@outbox/outbox-envelope';
import { order } from './order';
import { shipment } from './shipment';

/** CloudEvents `source` of the service's events, and `source` of their EventBridge envelopes. */
export const EVENT_SOURCE = 'orders';

/** Every kind of aggregate of the service. */
export const AGGREGATES: readonly AggregateType[] = [order, shipment];
