import { createLogger, createMetrics, systemClock } from '@outbox/function-kit';
import { createRelayHandler } from '@outbox/outbox-functions';

/** Lambda's entry point. */
export const handler = createRelayHandler({ clock: systemClock, logger: createLogger(), metrics: createMetrics() });
