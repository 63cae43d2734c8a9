/** Observability: CloudWatch, its Logs, the metrics every other part reports, and a collector of traces. */
export { createObservability } from './create-observability';
export { refusedPart } from './cloudwatch/math/functions';
