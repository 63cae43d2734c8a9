import { AwsError, type Engine, type RequestContext } from '@outbox/local-cloud-kernel';
import { ServiceKeys, type KeyUser } from '@outbox/local-cloud-keys';
import type { Place } from '../place';
import type { TableKey, TableRecords } from './table-records';

/** What DynamoDB may do in the background. Source: KMS developer guide, "How DynamoDB uses AWS KMS", grants. */
const OPERATIONS = [
  'Encrypt',
  'Decrypt',
  'ReEncryptFrom',
  'ReEncryptTo',
  'GenerateDataKey',
  'DescribeKey',
  'RetireGrant',
] as const;

/**
 * Customers' keys of tables. Whoever puts a table under a key needs `kms:DescribeKey`, `kms:CreateGrant`,
 * `kms:GenerateDataKey` and `kms:Decrypt`; whoever reads or writes it, or reads its stream, `kms:Decrypt`: DynamoDB
 * opens the table key on the caller's behalf. AWS does so again every five minutes for each caller; here each request
 * asks, so that a change counts at once. Source: KMS developer guide, "How Amazon DynamoDB uses AWS KMS".
 */
export class TableKeys {
  readonly #keys: ServiceKeys;

  constructor(
    private readonly engine: Pick<Engine, 'calls' | 'identity'>,
    private readonly records: TableRecords,
  ) {
    this.#keys = new ServiceKeys(engine, 'dynamodb');
  }

  /** Puts a table under a key. @throws AwsError in DynamoDB's wording where the key can't be used */
  async take(keyId: string, table: string, { accountId, region, caller }: RequestContext): Promise<TableKey> {
    const user: KeyUser = { caller, region };
    const context = { 'aws:dynamodb:subscriberId': accountId, 'aws:dynamodb:tableName': table };
    return translated(async () => {
      const arn = await this.#keys.arnOf(keyId, user);
      const tableKey = await this.#keys.seal(arn, context, user);
      await this.#keys.open(tableKey, user);
      const service = serviceOf(region);
      const Constraints = { EncryptionContextSubset: context };
      const grant = { GranteePrincipal: service, RetiringPrincipal: service, Operations: [...OPERATIONS], Constraints };
      return { arn, tableKey, grantToken: await this.#keys.grant(arn, grant, user) };
    });
  }

  /** Gives the grant back, when the table goes or comes under another key. */
  async release(key: TableKey | undefined, place: Place, tableArn: string): Promise<void> {
    if (!key) return;
    const caller = this.engine.identity.servicePrincipal(serviceOf(place.region), place.accountId, tableArn);
    await this.#keys.retire(key.grantToken, { caller, region: place.region });
  }

  /** Opens the table keys of these tables for a caller. @throws AwsError where it may not, or the key can't be used */
  async open(tables: readonly string[], { accountId, region, caller }: RequestContext): Promise<void> {
    const names = new Set(tables);
    for (const name of names) {
      const key = this.records.get({ accountId, region }, name)?.key;
      if (key) await translated(() => this.#keys.open(key.tableKey, { caller, region }));
    }
  }
}

function serviceOf(region: string): string {
  return `dynamodb.${region}.amazonaws.com`;
}

/** KMS's answers, as DynamoDB passes them on. */
const WORDING: Readonly<Record<string, readonly [code: string, prefix: string]>> = {
  AccessDeniedException: ['AccessDeniedException', 'KMS key access denied error'],
  DisabledException: ['ValidationException', 'KMS key disabled error'],
  KMSInvalidStateException: ['ValidationException', 'KMS key invalid state error'],
  NotFoundException: ['ValidationException', 'KMS validation error'],
};

async function translated<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    const wording = error instanceof AwsError ? WORDING[error.code] : undefined;
    if (!wording || !(error instanceof AwsError)) throw error;
    throw new AwsError(wording[0], `${wording[1]}: ${error.message}`, { cause: error });
  }
}
