/** The engine's kernel: time, state, identity and calls as ports; what services need of each other and nothing of AWS's rules. */
export { formatArn, parseArn, type Arn } from './arn';
export { backOff, type BackOff } from './back-off';
export { EngineClock, type Clock } from './clock';
export {
  constraintsOf,
  describeBroken,
  enumRule,
  type BrokenConstraint,
  type Constraints,
  type TextRule,
} from './constraints';
export { Deliveries, type Due } from './deliveries';
export { Dispatcher, type Interceptor } from './dispatcher';
export type { AwsCalls, Engine, EngineLog, Ids } from './engine';
export {
  asksForSomething,
  AwsError,
  refuseOptions,
  toAwsError,
  unsupported,
  unsupportedService,
  type AwsErrorOptions,
} from './errors';
export { FaultPlane, type FaultSettings, type ServiceFaults } from './faults';
export { systemIds } from './ids';
export {
  callerVia,
  servicePrincipal,
  type Caller,
  type Credentials,
  type Identity,
  type KeyHolder,
  type Requirement,
} from './identity';
export { CollectedMetrics, type MetricPlace, type MetricSample, type Metrics, type MetricUnit } from './metrics';
export { isObject } from './is-object';
export { failure, injectFaults } from './inject-faults';
export { jsonRoute, noSuchPath, readBytes, readRoute, readText, type JsonAnswer } from './json-route';
export { own } from './own';
export { pageAt, pageBy, type Page } from './page';
export { afterRunning } from './run-timer';
export type { InputOf, OperationName, OutputOf, SdkModules, ServiceName } from './sdk';
export type {
  Authenticate,
  EngineModule,
  Handler,
  HttpRoute,
  Operation,
  RequestContext,
  Service,
  SignedRequest,
  Signer,
} from './service';
export { Settings, type Setting } from './settings';
export { Signals } from './signals';
export {
  MAX_TAG_KEY,
  MAX_TAG_VALUE,
  MAX_TAGS,
  tagList,
  tagRecord,
  withoutTags,
  withTags,
  type ListedTag,
  type TagRules,
  type Tags,
} from './tag-set';
export { requestTagKeys, resourceTagKeys } from './tag-keys';
export { SqliteStore, type StateStore, type Table } from './store';
