/** A typed client of the local cloud, for tests and tools. It shares no code with the local cloud and has no dependency. */
export {
  FAULT_KINDS,
  type Calls,
  type Claims,
  type CollectedSpan,
  type Denial,
  type FaultCounts,
  type FaultKind,
  type Faults,
  type Info,
  type Mail,
  type Message,
  type Settings,
  type Usage,
} from './answers.ts';
export { LocalCloud, type AwsSettings, type Place } from './local-cloud.ts';
export { LocalCloudError, type RefusedRequest } from './local-cloud-error.ts';
export { type Pattern, type Wanted } from './matching.ts';
export { startProgram, StartedLocalCloud, type StartOptions } from './start.ts';
export { NotSeenError, type Patience } from './wait.ts';
