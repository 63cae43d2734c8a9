/** For specs of the engine's services: an engine that holds one part of it, and stand-ins for what the part calls. */
export { ACCOUNT, REGION, ROOT, specEngine, type Asked, type SpecEngineOptions } from './spec-engine';
export { specKeys } from './spec-keys';
