/** Identity and observation: IAM, STS, KMS, CloudWatch Logs and CloudWatch. */
export { createIdentity } from './create-identity';
export type { RecordingIdentity } from './access/identity';
export type { Use } from './access/usage';
