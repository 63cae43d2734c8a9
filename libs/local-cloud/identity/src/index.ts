/** Identity: IAM, STS and KMS, and what authorises every call. */
export { createIdentity } from './create-identity';
export type { RecordingIdentity, Undocumented } from './access/identity';
export type { Denial } from './access/denials';
export type { Use } from './access/usage';
export type { Grant } from './permissions/grant';
export { GRANTS } from './permissions/grants';
export { permissionsOf, permissionsSource } from './permissions/lookup';
export type { OperationPermissions } from './permissions/operations';
export { awsManagedPolicies } from './iam/aws-managed';
