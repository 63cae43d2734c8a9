/** Who makes a call, as IAM sees it. */
export interface Caller {
  /** `root`: the account's admin key (Terraform, operators). `role`: a session of an assumed role. `service`: an AWS service itself. */
  readonly kind: 'root' | 'role' | 'service';
  readonly accountId: string;
  /** `arn:aws:iam::…:root`, `arn:aws:sts::…:assumed-role/<role>/<session>`, or the service principal. */
  readonly arn: string;
  readonly userId: string;
  /** `role` only: the role's own ARN. */
  readonly roleArn?: string;
  /** `role` only: since when its session is, epoch milliseconds. */
  readonly sessionSince?: number;
  /** `service` only: e.g. `events.amazonaws.com`. */
  readonly service?: string;
  /** The resource on whose behalf a service acts: `aws:SourceArn`. */
  readonly sourceArn?: string;
  /** The service that makes the call on this caller's behalf, e.g. `sqs.us-east-1.amazonaws.com`: `kms:ViaService`. */
  readonly via?: string;
}

/** The same caller, as a service calls another one on its behalf (a forward access session). */
export function callerVia(caller: Caller, service: string, region: string): Caller {
  return { ...caller, via: `${service}.${region}.amazonaws.com` };
}

/** An AWS service itself as caller, acting for the resource `sourceArn`. */
export function servicePrincipal(service: string, accountId: string, sourceArn?: string): Caller {
  return { kind: 'service', accountId, arn: service, userId: service, service, sourceArn };
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Epoch milliseconds; undefined for long-lived keys. */
  readonly expiresAt?: number;
}

/** One permission an operation needs: the action on the resource, and what else IAM looks at. */
export interface Requirement {
  /** e.g. `sqs:SendMessage`; by the documented table, not by the operation's name. */
  readonly action: string;
  readonly resource: string;
  /** The account of the resource where its ARN has none, as those of buckets have. */
  readonly owner?: string | undefined;
  /** The policy text attached to the resource itself, where the service has such policies. */
  readonly resourcePolicy?: string | undefined;
  /** The resource's policy must allow the caller or its account: without it no identity policy counts (KMS keys). */
  readonly resourcePolicyDecides?: boolean;
  /** Condition keys beyond those every request carries, e.g. `dynamodb:EnclosingOperation`. */
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>;
}

/** Who an access key belongs to, and the secret its requests are signed with. */
export interface KeyHolder {
  readonly caller: Caller;
  readonly secretAccessKey: string;
  /** The key was good once: nothing it signs is to be believed any more. */
  readonly expired?: boolean;
}

export interface Identity {
  /** Who holds an access key; undefined when the key, or its session token, is unknown. */
  resolve(accessKeyId: string, sessionToken?: string): KeyHolder | undefined;
  /**
   * Lets a service (`lambda.amazonaws.com`) assume a role by its trust policy.
   * @throws AwsError when the role does not exist or does not trust the service.
   */
  assumeRole(
    roleArn: string,
    service: string,
    sessionName: string,
    sourceArn?: string,
  ): { caller: Caller; credentials: Credentials };
  /** The service itself as caller, acting for `sourceArn`; allowed by resource policies only. */
  servicePrincipal(service: string, accountId: string, sourceArn: string): Caller;
  /** What is wrong with the text of a resource policy by IAM's grammar; undefined when nothing is. */
  resourcePolicyProblem(text: string): string | undefined;
  /**
   * @param region where the request goes to: `aws:RequestedRegion`; the resource's where it isn't given
   * @throws AwsError `AccessDeniedException` in AWS's wording when a requirement is not met.
   */
  authorize(
    caller: Caller,
    requirements: readonly Requirement[],
    service: string,
    operation: string,
    region?: string,
  ): void;
}
