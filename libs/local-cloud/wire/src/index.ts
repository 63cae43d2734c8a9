/** AWS's wire protocols over HTTP: requests in, decoded by the SDK's Smithy schemas, checked by SigV4, dispatched, answered. */
export { Api, type ApiPorts } from './api';
export { SERVICE_MODELS, serviceModel } from './catalogue';
export type { ErrorModel, OperationModel, ServiceFacts, ServiceModel } from './model';
export type { WireAnswer, WireRequest } from './protocol';
export { WireServer, type Handlers } from './server';
