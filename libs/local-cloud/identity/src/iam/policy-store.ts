import type { Engine, Table } from '@outbox/local-cloud-kernel';
import { awsManagedPolicies, awsManagedRecords } from './aws-managed';
import { checkPolicyArn } from './checks';
import { noSuchEntity } from './errors';
import type { ManagedPolicyRecord } from './model';

/** Customer-managed policies, by ARN. */
export class PolicyStore {
  readonly #policies: Table<ManagedPolicyRecord>;

  constructor(engine: Pick<Engine, 'store'>) {
    this.#policies = engine.store.table('iam.policies');
  }

  find(arn: string): ManagedPolicyRecord | undefined {
    return this.#policies.get(arn);
  }

  /** @throws AwsError NoSuchEntity */
  get(arn: string | undefined): ManagedPolicyRecord {
    const policy = this.find(checkPolicyArn(arn));
    if (!policy) throw noSuchEntity(`Policy ${arn ?? ''} was not found.`);
    return policy;
  }

  /**
   * A policy to read: a customer's own or an AWS-managed one.
   * @throws AwsError NoSuchEntity
   */
  readable(arn: string | undefined): ManagedPolicyRecord {
    return awsManagedRecords().find((policy) => policy.arn === arn) ?? this.get(arn);
  }

  /** What ListPolicies shows an account: its own, AWS's, or both. */
  inScope(accountId: string, scope: string | undefined): ManagedPolicyRecord[] {
    const own = scope === 'AWS' ? [] : this.in(accountId);
    return scope === 'Local' ? own : [...own, ...awsManagedRecords()];
  }

  in(accountId: string): ManagedPolicyRecord[] {
    return [...this.#policies.values()].filter((policy) => policy.accountId === accountId);
  }

  put(policy: ManagedPolicyRecord): void {
    this.#policies.set(policy.arn, policy);
  }

  delete(arn: string): void {
    this.#policies.delete(arn);
  }

  /** The text in force of a customer's or an AWS-managed policy. */
  textOf(arn: string): string | undefined {
    const policy = this.find(arn);
    if (!policy) return awsManagedPolicies[arn];
    return policy.versions.find(({ id }) => id === policy.defaultVersion)?.text;
  }
}
