/** Lambda and API Gateway v2 of the local cloud. */
export { createCompute } from './compute';
export { NodeBinaries } from './runtime/node-binary';
