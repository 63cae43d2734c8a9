import {
  resourceTagKeys,
  toAwsError,
  type AwsError,
  type Engine,
  type RequestContext,
  type Requirement,
  type Table,
} from '@outbox/local-cloud-kernel';
import { ServiceKeys, type SealedKey } from '@outbox/local-cloud-keys';
import { invalidKeyId, parameterNotFound, versionNotFound } from './errors';
import { latestOf, parameterArn, type ParameterRecord, type ParameterVersion, type Place } from './model';
import { namesOf, readReference } from './names';

/** What is found where a reference leads. */
export interface FoundParameter {
  readonly parameter: ParameterRecord;
  readonly version: ParameterVersion;
  /** As it was asked for, with the colon before it. */
  readonly selector: string | undefined;
}

/** Parameters of every account and region, and the keys of those that are secret. */
export class Parameters {
  readonly #table: Table<ParameterRecord>;
  readonly #keys: ServiceKeys;

  constructor(engine: Pick<Engine, 'calls' | 'store'>) {
    this.#table = engine.store.table('ssm.parameters');
    this.#keys = new ServiceKeys(engine, 'ssm');
  }

  /** By name, or by an ARN of the same account and region. */
  find(place: Place, reference: string): ParameterRecord | undefined {
    if (reference.startsWith('arn:') && !reference.includes(`:ssm:${place.region}:${place.accountId}:`)) {
      return undefined;
    }
    for (const name of namesOf(reference)) {
      const found = this.#table.get(keyOf(place, name));
      if (found) return found;
    }
    return undefined;
  }

  /** @throws AwsError ParameterNotFound */
  get(place: Place, reference: string): ParameterRecord {
    const found = this.find(place, reference);
    if (!found) throw parameterNotFound(reference);
    return found;
  }

  /** @throws AwsError ParameterNotFound, or ParameterVersionNotFound for its version or label */
  getVersion(place: Place, reference: string): FoundParameter {
    const parameter = this.get(place, reference);
    const { selector } = readReference(reference);
    const version =
      selector === undefined
        ? latestOf(parameter)
        : parameter.versions.find((each) => String(each.version) === selector || each.labels.includes(selector));
    if (!version) throw versionNotFound(parameter.name, selector ?? '');
    return { parameter, version, selector: selector === undefined ? undefined : `:${selector}` };
  }

  put(parameter: ParameterRecord): void {
    this.#table.set(keyOf(parameter, parameter.name), parameter);
  }

  delete(parameter: ParameterRecord): void {
    this.#table.delete(keyOf(parameter, parameter.name));
  }

  /** In order of their names. */
  of({ accountId, region }: Place): ParameterRecord[] {
    return [...this.#table.values()]
      .filter((parameter) => parameter.accountId === accountId && parameter.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * A SecureString's value under its key. Source: user guide, "AWS KMS encryption for AWS Systems Manager Parameter Store
   * SecureString parameters": `kms:Encrypt` under the parameter's ARN.
   * @throws AwsError InvalidKeyId for a key that can't be used, AccessDeniedException where the caller may not use it
   */
  async seal(keyId: string, name: string, value: string, context: RequestContext): Promise<SealedKey> {
    try {
      return await this.#keys.encrypt(keyId, value, { PARAMETER_ARN: parameterArn(context, name) }, context);
    } catch (error) {
      throw keyError(error);
    }
  }

  /** The value of a version; that of a SecureString only where it is asked for, needing `kms:Decrypt`. */
  async valueOf({ sealed, value }: ParameterVersion, decrypt: boolean, context: RequestContext): Promise<string> {
    if (!sealed) return value;
    if (!decrypt) return sealed.sealed;
    try {
      return await this.#keys.decrypt(sealed, context);
    } catch (error) {
      throw keyError(error);
    }
  }

  /** An action on the parameter of a name. */
  requires(
    action: string,
    context: RequestContext,
    reference: string,
    conditions: Requirement['conditions'] = {},
  ): Requirement {
    const found = this.find(context, reference);
    const { name } = readReference(reference);
    return {
      action: `ssm:${action}`,
      resource: parameterArn(context, found?.name ?? name),
      conditions: { ...(found ? resourceTagKeys(found.tags, 'ssm') : {}), ...conditions },
    };
  }
}

/** KMS's errors as Parameter Store has them. Source: API reference, GetParameter and PutParameter, Errors. */
function keyError(thrown: unknown): AwsError {
  const error = toAwsError(thrown);
  if (error.code === 'AccessDeniedException' || error.fault === 'server') return error;
  return invalidKeyId(error.message, error);
}

function keyOf({ accountId, region }: Place, name: string): string {
  return `${accountId}/${region}/${name}`;
}
