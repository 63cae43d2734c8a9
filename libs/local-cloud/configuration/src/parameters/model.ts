import { formatArn, type RequestContext } from '@outbox/local-cloud-kernel';
import type { SealedKey } from '@outbox/local-cloud-keys';

/** Where a parameter is. */
export type Place = Pick<RequestContext, 'accountId' | 'region'>;

export type ParameterType = 'String' | 'StringList' | 'SecureString';
export type Tier = 'Standard' | 'Advanced';

/** One value a parameter had, and what was said of it then. */
export interface ParameterVersion {
  readonly version: number;
  readonly type: ParameterType;
  /** As it was given; empty for a SecureString. */
  readonly value: string;
  /** The value of a SecureString under its key. */
  readonly sealed?: SealedKey;
  /** As it was given. SecureString only. */
  readonly keyId?: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly tier: Tier;
  readonly dataType: string;
  readonly labels: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
  /** ARN of who set it. */
  readonly by: string;
}

/** A parameter with the versions that are kept, oldest first; there is one at least. */
export interface ParameterRecord extends Place {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: readonly [ParameterVersion, ...ParameterVersion[]];
}

export function latestOf({ versions }: ParameterRecord): ParameterVersion {
  return versions.at(-1) ?? versions[0];
}

/** The slash that a path begins with isn't written twice. */
export function parameterArn({ accountId, region }: Place, name: string): string {
  return formatArn('ssm', region, accountId, `parameter/${name.replace(/^\//, '')}`);
}
