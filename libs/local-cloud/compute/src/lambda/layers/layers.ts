import { formatArn, unsupported, type Engine, type Table } from '@outbox/local-cloud-kernel';
import type { Architecture, Runtime } from '@aws-sdk/client-lambda';
import { checkCount } from '../constraints';
import { invalidParameter, notFound } from '../errors';
import type { CodeRecord, LayerUse } from '../model';
import { MAX_LAYERS } from '../limits';

type Place = { readonly accountId: string; readonly region: string };

/** One version of a layer; it never changes. */
export interface LayerVersionRecord {
  readonly version: number;
  readonly description: string;
  readonly licenseInfo: string | undefined;
  readonly runtimes: readonly Runtime[];
  readonly architectures: readonly Architecture[];
  readonly code: CodeRecord;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** A layer with the versions that weren't deleted, oldest first. */
export interface LayerRecord extends Place {
  readonly name: string;
  readonly versions: readonly LayerVersionRecord[];
  /** Number of the next version; never reused. */
  readonly nextVersion: number;
}

/** A layer, or one of its versions, as a request names it. */
export interface LayerName extends Place {
  readonly name: string;
  readonly version: number | undefined;
}

const ARN = /^arn:aws[a-z-]*:lambda:([a-z0-9-]+):(\d{12}):layer:([\w-]+)(?::(\d+))?$/;

/** Layers of every account and region. */
export class Layers {
  readonly #table: Table<LayerRecord>;

  constructor(engine: Pick<Engine, 'store'>) {
    this.#table = engine.store.table('lambda.layers');
  }

  find(at: LayerName): LayerRecord | undefined {
    return this.#table.get(keyOf(at));
  }

  version(at: LayerName): LayerVersionRecord | undefined {
    return this.find(at)?.versions.find(({ version }) => version === at.version);
  }

  /** @throws AwsError ResourceNotFoundException */
  getVersion(at: LayerName): LayerVersionRecord {
    const found = this.version(at);
    if (!found) throw notFound('The resource you requested does not exist.');
    return found;
  }

  save(record: LayerRecord): void {
    this.#table.set(keyOf(record), record);
  }

  /** In order of their names; those without a version are kept for their numbers alone. */
  list({ accountId, region }: Place): LayerRecord[] {
    return [...this.#table.values()]
      .filter((record) => record.accountId === accountId && record.region === region && record.versions.length > 0)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * What a function gets of the layers that a request names; undefined where it says nothing of layers.
   * @throws AwsError for too many, for what is no layer's version, and for layers of other accounts
   */
  uses(operation: string, arns: readonly string[] | undefined, place: Place): readonly LayerUse[] | undefined {
    if (!arns) return undefined;
    checkCount(arns, 'layers', 0, MAX_LAYERS);
    const uses = arns.map((arn) => {
      const at = parseLayerName(arn, place);
      if (at?.version === undefined) throw invalidParameter(`Invalid Layer version ARN: ${arn}`);
      if (at.accountId !== place.accountId || at.region !== place.region) {
        throw unsupported('lambda', operation, `layers of other accounts and regions, such as ${arn}`);
      }
      const version = this.version(at);
      if (!version) throw invalidParameter(`Layer version ${arn} does not exist.`);
      return { arn, size: version.code.size, folder: version.code.folder };
    });
    const names = uses.map(({ arn }) => arn.replace(/:\d+$/, ''));
    if (new Set(names).size < names.length) {
      throw invalidParameter(
        'Two different versions of the same layer are not allowed to be referenced in the same function.',
      );
    }
    return uses;
  }
}

/** Reads a layer's name or ARN, with or without a version; undefined for neither. */
export function parseLayerName(text: string | undefined, home: Place, version?: number): LayerName | undefined {
  const [, region, accountId, name, written] = ARN.exec(text ?? '') ?? [];
  if (name !== undefined && region !== undefined && accountId !== undefined) {
    return { accountId, region, name, version: version ?? (written === undefined ? undefined : Number(written)) };
  }
  if (text === undefined || !/^[\w-]{1,140}$/.test(text)) return undefined;
  return { accountId: home.accountId, region: home.region, name: text, version };
}

export function layerArn({ accountId, region, name }: Place & { readonly name: string }, version?: number): string {
  return formatArn('lambda', region, accountId, `layer:${name}${version === undefined ? '' : `:${version}`}`);
}

function keyOf({ accountId, region, name }: Place & { readonly name: string }): string {
  return `${accountId}/${region}/${name}`;
}
