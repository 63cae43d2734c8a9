import type { Table } from '@outbox/local-cloud-kernel';
import type { RoleRecord } from '../iam/model';
import type { RoleStore } from '../iam/role-store';

/** A permission that was needed, and that nothing but the role's own policies granted. */
export interface Use {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
}

interface StoredUse extends Use {
  /** A role made anew under the same name has used nothing yet. */
  readonly roleId: string;
}

/** Under a wildcard, resources are many (a log stream per process): so many of each action tell enough. */
const RESOURCES_PER_ACTION = 100;

/** What roles really did, once per role, action and resource; it outlives the engine, as roles do. */
export class Usage {
  readonly #uses: Table<StoredUse>;
  readonly #counts = new Map<string, number>();

  constructor(
    engine: { readonly store: { table<T>(name: string): Table<T> } },
    private readonly roles: RoleStore,
  ) {
    this.#uses = engine.store.table('identity.usage');
    for (const [key, use] of [...this.#uses.entries()]) {
      if (this.#isCurrent(use)) this.#count(use);
      else this.#uses.delete(key);
    }
  }

  record(role: Pick<RoleRecord, 'arn' | 'id'>, action: string, resource: string): void {
    const key = `${role.id} ${action} ${resource}`;
    if (this.#uses.has(key)) return;
    const use: StoredUse = { roleArn: role.arn, roleId: role.id, action, resource };
    if (this.#count(use) <= RESOURCES_PER_ACTION) this.#uses.set(key, use);
  }

  /** Of the roles there are, in the order of first use. */
  all(): readonly Use[] {
    return [...this.#uses.values()]
      .filter((use) => this.#isCurrent(use))
      .map(({ roleArn, action, resource }) => ({ roleArn, action, resource }));
  }

  #count({ roleId, action }: StoredUse): number {
    const count = (this.#counts.get(`${roleId} ${action}`) ?? 0) + 1;
    this.#counts.set(`${roleId} ${action}`, count);
    return count;
  }

  #isCurrent({ roleArn, roleId }: StoredUse): boolean {
    return this.roles.byArn(roleArn)?.id === roleId;
  }
}
