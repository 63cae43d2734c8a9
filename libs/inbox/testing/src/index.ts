/** For specs of consumers: events delivered as SQS may deliver them, over tables in memory. No test framework needed. */
export { type CrashPoint } from './crash';
export { deliver, NotSettledError, type Delivered, type DeliverOptions, type Deployment } from './deliver';
export { type DeadLetter } from './memory-queue';
