import type { GrantConstraints, GrantOperation } from '@aws-sdk/client-kms';

/** What every key has, whoever manages it. */
interface KeyBase {
  readonly accountId: string;
  readonly region: string;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** AES-256 keys in hexadecimal, oldest first; rotation adds one, old ones still decrypt. */
  readonly material: readonly string[];
}

/** A key AWS manages for one service; its policy can't be changed and it can't be switched off. */
export interface ManagedKey extends KeyBase {
  readonly kind: 'managed';
  /** `dynamodb`, `sqs`, …: behind the alias `aws/<service>`. */
  readonly service: string;
}

/** Automatic rotation of a customer's key. */
export interface Rotation {
  readonly periodDays: number;
  /** Epoch milliseconds. */
  readonly nextAt: number;
}

/** A key its account manages. */
export interface CustomerKey extends KeyBase {
  readonly kind: 'customer';
  readonly description: string;
  readonly policy: string;
  readonly enabled: boolean;
  /** Epoch milliseconds; set while the key waits for its deletion. */
  readonly deletionAt?: number;
  readonly rotation?: Rotation;
  readonly tags: Readonly<Record<string, string>>;
}

export type KeyRecord = ManagedKey | CustomerKey;

/** A name for a customer's key; it may be pointed at another one. */
export interface AliasRecord {
  readonly accountId: string;
  readonly region: string;
  /** `alias/…`. */
  readonly name: string;
  readonly keyId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A permission on one key beside its policy: how services get theirs when a resource is made. */
export interface GrantRecord {
  readonly id: string;
  readonly token: string;
  /** One for each time the grant was asked for again. */
  readonly moreTokens?: readonly string[];
  readonly keyArn: string;
  readonly name?: string;
  /** ARN of a role, or a service (`dynamodb.<region>.amazonaws.com`). */
  readonly grantee: string;
  readonly retiring?: string;
  readonly issuer: string;
  readonly operations: readonly GrantOperation[];
  readonly constraints?: GrantConstraints;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}
