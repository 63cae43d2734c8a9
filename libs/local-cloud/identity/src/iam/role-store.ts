import type { Engine, Table } from '@outbox/local-cloud-kernel';
import { checkName } from './checks';
import { noSuchEntity } from './errors';
import type { RoleRecord } from './model';
import type { PolicyStore } from './policy-store';

/** Roles, by account and name. */
export class RoleStore {
  readonly #roles: Table<RoleRecord>;

  constructor(
    engine: Pick<Engine, 'store'>,
    private readonly policies: PolicyStore,
  ) {
    this.#roles = engine.store.table('iam.roles');
  }

  find(accountId: string, name: string | undefined): RoleRecord | undefined {
    return this.#roles.get(`${accountId}/${name ?? ''}`);
  }

  /** @throws AwsError NoSuchEntity; ValidationError for a name no role can have */
  get(accountId: string, name: string | undefined): RoleRecord {
    const role = this.find(accountId, checkName('roleName', name, 64));
    if (!role) throw noSuchEntity(`The role with name ${name ?? ''} cannot be found.`);
    return role;
  }

  /** The role of that very ARN, path included. */
  byArn(arn: string): RoleRecord | undefined {
    const [, accountId = '', name] = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
    const role = this.find(accountId, name);
    return role?.arn === arn ? role : undefined;
  }

  in(accountId: string): RoleRecord[] {
    return [...this.#roles.values()].filter((role) => role.accountId === accountId);
  }

  put(role: RoleRecord): void {
    this.#roles.set(`${role.accountId}/${role.name}`, role);
  }

  delete(role: RoleRecord): void {
    this.#roles.delete(`${role.accountId}/${role.name}`);
  }

  /** The text of the policy that is a role's boundary. */
  boundaryText({ boundary }: RoleRecord): string | undefined {
    return boundary === undefined ? undefined : this.policies.textOf(boundary);
  }

  /** The texts of all identity policies of a role: inline, then attached. */
  policyTexts(role: RoleRecord): string[] {
    const attached = role.attached.map((arn) => this.policies.textOf(arn)).filter((text) => text !== undefined);
    return [...Object.values(role.inline), ...attached];
  }
}
