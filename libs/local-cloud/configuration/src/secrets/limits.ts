/** Limits of Secrets Manager. */

/** Of a secret's value. Source: API reference, CreateSecret, SecretString and SecretBinary. */
export const MAX_BYTES = 65_536;

/** Versions without a stage that are kept. Source: user guide, "Secret versions". */
export const MAX_VERSIONS = 100;

/** Characters. Source: API reference, PutResourcePolicy, ResourcePolicy. */
export const MAX_POLICY = 20_480;

/** Source: API reference, BatchGetSecretValue. */
export const MAX_BATCH = 20;

/** Source: API reference, ListSecrets and ListSecretVersionIds. */
export const MAX_RESULTS = 100;

/** Days until a secret is gone. Source: API reference, DeleteSecret, RecoveryWindowInDays. */
export const DEFAULT_DAYS = 30;
