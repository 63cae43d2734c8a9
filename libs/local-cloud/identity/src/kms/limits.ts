/** Limits of KMS. */

/** Bytes. Source: API reference, Encrypt, for SYMMETRIC_DEFAULT. */
export const MOST_PLAINTEXT = 4096;

/** Bytes. Source: API reference, GenerateDataKey, NumberOfBytes. */
export const MOST_DATA_KEY = 1024;

/** Source: API reference, PutKeyPolicy: 32 kilobytes. */
export const MOST_POLICY_BYTES = 32_768;

/** Source: developer guide, "Quotas": aliases per KMS key. */
export const ALIASES_PER_KEY = 50;
