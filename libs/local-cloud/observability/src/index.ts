/** Observability: CloudWatch, its Logs, and the metrics every other part reports. */
export { createObservability } from './create-observability';
export { refusedPart } from './cloudwatch/math/functions';
