/** How services use customers' keys: by calls of KMS on the caller's behalf. */
export { ServiceKeys, type KeyUser, type SealedKey } from './service-keys';
