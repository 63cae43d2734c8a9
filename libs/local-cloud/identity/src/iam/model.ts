/** A role. IAM is global, so records carry the account and no region. */
export interface RoleRecord {
  readonly accountId: string;
  readonly name: string;
  readonly path: string;
  /** `AROA…`, never used again: a role made anew under an old name is another principal. */
  readonly id: string;
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly description: string | undefined;
  /** Seconds. */
  readonly maxSessionDuration: number;
  /** The trust policy's text. */
  readonly trust: string;
  /** Inline policies: name → text. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of attached managed policies, in the order of attachment. */
  readonly attached: readonly string[];
  /** ARN of the managed policy that limits what the others allow. */
  readonly boundary?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface PolicyVersionRecord {
  /** `v1`, `v2`, … */
  readonly id: string;
  readonly text: string;
  readonly createdAt: number;
}

/** A customer-managed policy. */
export interface ManagedPolicyRecord {
  readonly accountId: string;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly versions: readonly PolicyVersionRecord[];
  readonly defaultVersion: string;
  /** Numbers are never used again, even after versions were deleted. */
  readonly nextVersion: number;
  readonly tags: Readonly<Record<string, string>>;
}
