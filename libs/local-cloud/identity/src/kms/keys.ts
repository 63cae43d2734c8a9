import { formatArn, type Engine, type RequestContext, type Table } from '@outbox/local-cloud-kernel';
import { randomBytes } from './cipher';
import { MANAGED_SERVICES } from './describe';
import type { AliasRecord, CustomerKey, KeyRecord } from './model';

export type Place = Pick<RequestContext, 'accountId' | 'region'>;

const DAY_MS = 86_400_000;

/** Keys and their aliases: an account's own, and those AWS manages, which are made when they are first asked for. */
export class Keys {
  readonly #keys: Table<KeyRecord>;
  readonly #aliases: Table<AliasRecord>;

  constructor(private readonly engine: Pick<Engine, 'clock' | 'ids' | 'store'>) {
    this.#keys = engine.store.table('kms.keyring');
    this.#aliases = engine.store.table('kms.aliases');
  }

  /** New AES-256 material, in hexadecimal. */
  material(): string {
    return Buffer.from(randomBytes(this.engine.ids, 32)).toString('hex');
  }

  put(key: KeyRecord): void {
    this.#keys.set(`${key.accountId}/${key.region}/${key.id}`, key);
  }

  /** By id, key ARN, alias or alias ARN; an ARN may be another account's, but not another region's. */
  find(place: Place, id: string): KeyRecord | undefined {
    if (!id.startsWith('arn:')) return id.startsWith('alias/') ? this.#byAlias(place, id) : this.byId(place, id);
    const arn = readArn(id);
    if (arn?.region !== place.region) return undefined;
    return arn.resource.startsWith('alias/')
      ? this.#byAlias(arn, arn.resource)
      : this.byId(arn, arn.resource.slice('key/'.length));
  }

  /** As it is now: deleted when its time has come, rotated when that was due. */
  byId(place: Place, id: string): KeyRecord | undefined {
    const key = this.#keys.get(`${place.accountId}/${place.region}/${id}`);
    return key?.kind === 'customer' ? this.#today(key) : key;
  }

  /** The key a ciphertext names, in whatever account of the region. */
  ofCiphertext(region: string, id: string): KeyRecord | undefined {
    const known = [...this.#keys.values()].find((key) => key.id === id && key.region === region);
    return known && this.byId(known, id);
  }

  /** Those that exist already, in the order of their making. */
  all(place: Place): KeyRecord[] {
    return [...this.#keys.values()]
      .filter((key) => key.accountId === place.accountId && key.region === place.region)
      .flatMap((key) => this.byId(place, key.id) ?? []);
  }

  alias(place: Place, name: string): AliasRecord | undefined {
    return this.#aliases.get(`${place.accountId}/${place.region}/${name}`);
  }

  putAlias(alias: AliasRecord): void {
    this.#aliases.set(`${alias.accountId}/${alias.region}/${alias.name}`, alias);
  }

  deleteAlias(place: Place, name: string): void {
    this.#aliases.delete(`${place.accountId}/${place.region}/${name}`);
  }

  /** An account's own aliases, by name. */
  aliases(place: Place): AliasRecord[] {
    return [...this.#aliases.values()]
      .filter((alias) => alias.accountId === place.accountId && alias.region === place.region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #byAlias(place: Place, name: string): KeyRecord | undefined {
    const own = this.alias(place, name);
    if (own) return this.byId(place, own.keyId);
    const service = name.replace(/^alias\/aws\//, '');
    if (!name.startsWith('alias/aws/') || !Object.hasOwn(MANAGED_SERVICES, service)) return undefined;
    const known = this.all(place).find((key) => key.kind === 'managed' && key.service === service);
    if (known) return known;
    const { accountId, region } = place;
    const made: KeyRecord = {
      kind: 'managed',
      accountId,
      region,
      id: this.engine.ids.uuid(),
      service,
      createdAt: this.engine.clock.now(),
      material: [this.material()],
    };
    this.put(made);
    return made;
  }

  #today(key: CustomerKey): CustomerKey | undefined {
    const now = this.engine.clock.now();
    if (key.deletionAt !== undefined && key.deletionAt <= now) {
      this.#keys.delete(`${key.accountId}/${key.region}/${key.id}`);
      for (const alias of this.aliases(key)) if (alias.keyId === key.id) this.deleteAlias(key, alias.name);
      return undefined;
    }
    let rotated = key;
    while (rotated.rotation && rotated.rotation.nextAt <= now) {
      const { periodDays, nextAt } = rotated.rotation;
      rotated = {
        ...rotated,
        material: [...rotated.material, this.material()],
        rotation: { periodDays, nextAt: nextAt + periodDays * DAY_MS },
      };
    }
    if (rotated !== key) this.put(rotated);
    return rotated;
  }
}

/** A key's or an alias's ARN taken apart; undefined for what is none. */
export function readArn(text: string): (Place & { readonly resource: string }) | undefined {
  const [, region, accountId, resource] = /^arn:[^:]+:kms:([^:]+):(\d{12}):((?:key|alias)\/.+)$/.exec(text) ?? [];
  if (region === undefined || accountId === undefined || resource === undefined) return undefined;
  return { region, accountId, resource };
}

export function keyArn(key: Pick<KeyRecord, 'accountId' | 'region' | 'id'>): string {
  return formatArn('kms', key.region, key.accountId, `key/${key.id}`);
}
