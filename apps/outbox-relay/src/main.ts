import { createLogger, createMetrics, systemClock } from '@outbox/function-kit';
import { createHandler } from './handler';

/** Lambda's entry point. */
export const handler = createHandler({ clock: systemClock, logger: createLogger(), metrics: createMetrics() });
