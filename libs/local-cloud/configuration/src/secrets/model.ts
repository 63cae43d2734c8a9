import { formatArn, type RequestContext } from '@outbox/local-cloud-kernel';
import type { SealedKey } from '@outbox/local-cloud-keys';

/** Where a secret is. */
export type Place = Pick<RequestContext, 'accountId' | 'region'>;

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

/** A secret's value: a text, or bytes in base64. */
export type SecretValue =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'binary'; readonly base64: string };

/** One value a secret has or had; without stages it is deprecated. */
export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  /** The data key of a customer's key it is under. */
  readonly key?: SealedKey;
  /** The key as it was named then. */
  readonly keyId?: string;
  readonly stages: readonly string[];
  /** Epoch milliseconds, as are all times here. */
  readonly createdAt: number;
}

export interface SecretRecord extends Place {
  readonly name: string;
  /** What AWS puts behind the name in the ARN, so that a secret made anew has another one. */
  readonly suffix: string;
  readonly description?: string;
  /** As it was given; AWS's own key where undefined. */
  readonly keyId?: string;
  readonly policy?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly versions: readonly SecretVersion[];
  readonly createdAt: number;
  readonly changedAt: number;
  /** Set while it waits for its deletion: when that was asked for, and when it comes. */
  readonly deletion?: { readonly askedAt: number; readonly at: number };
  /** The day it was last read, as the time it began. */
  readonly accessedAt?: number;
}

export function secretArn({ accountId, region, name, suffix }: SecretRecord): string {
  return formatArn('secretsmanager', region, accountId, `secret:${name}-${suffix}`);
}

/** Stages by version, versions without one left out. */
export function stagesByVersion({ versions }: SecretRecord): Record<string, string[]> {
  return Object.fromEntries(versions.flatMap(({ id, stages }) => (stages.length > 0 ? [[id, [...stages]]] : [])));
}
