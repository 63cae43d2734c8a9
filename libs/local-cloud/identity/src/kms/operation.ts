import {
  AwsError,
  formatArn,
  refuseOptions,
  type Engine,
  type RequestContext,
  type Requirement,
  type Service,
  resourceTagKeys,
} from '@outbox/local-cloud-kernel';
import type { RoleStore } from '../iam/role-store';
import type { EncryptionContext } from './cipher';
import { stateOf } from './describe';
import { awsManaged, invalidState, keyDisabled, notFound } from './errors';
import { withGrants, type Grants } from './grants';
import { policyOf } from './key-policy';
import { keyArn, readArn, type Keys } from './keys';
import type { CustomerKey, KeyRecord } from './model';

export type KmsOperations = Service<'kms'>['operations'];

/** What the groups of operations share. */
export interface KmsParts {
  readonly engine: Pick<Engine, 'clock' | 'ids'>;
  readonly keys: Keys;
  readonly grants: Grants;
  readonly roles: RoleStore;
}

/** What another account may be allowed to do with a key. Source: KMS developer guide, "Allowing users in other accounts". */
const CROSS_ACCOUNT = new Set([
  'CreateGrant',
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GetKeyRotationStatus',
  'ListGrants',
  'ReEncryptFrom',
  'ReEncryptTo',
  'RetireGrant',
  'RevokeGrant',
]);

type Conditions = Readonly<Record<string, string | readonly string[]>>;
type Named = { readonly KeyId?: string | undefined };

/**
 * `action` on one key: its policy must allow it, or leave it to the account's own policies; or a grant does.
 * Source: KMS developer guide, "Determining access to AWS KMS keys".
 * @param key undefined when there is none of the name: what was asked for is then named as it came
 */
export function onKey(
  { grants, keys }: KmsParts,
  context: RequestContext,
  key: KeyRecord | undefined,
  action: string,
  more: {
    readonly name?: string | undefined;
    readonly bound?: EncryptionContext;
    readonly conditions?: Conditions;
    readonly passedOn?: readonly string[] | undefined;
  } = {},
): Requirement {
  const conditions = { ...callKeys(context), ...contextKeys(more.bound), ...more.conditions };
  if (!key) return { action: `kms:${action}`, resource: namedArn(more.name ?? '', context), conditions };
  const arn = keyArn(key);
  const isForbidden = key.accountId !== context.accountId && !CROSS_ACCOUNT.has(action);
  const aliases = keys.aliases(key).filter(({ keyId }) => keyId === key.id);
  return {
    action: `kms:${action}`,
    resource: arn,
    resourcePolicy: isForbidden
      ? undefined
      : withGrants(policyOf(key), grants.of(arn), action, more.bound, more.passedOn),
    resourcePolicyDecides: true,
    conditions: {
      ...conditions,
      'kms:KeySpec': 'SYMMETRIC_DEFAULT',
      'kms:KeyUsage': 'ENCRYPT_DECRYPT',
      'kms:KeyOrigin': 'AWS_KMS',
      ...(aliases.length === 0 ? {} : { 'kms:ResourceAliases': aliases.map(({ name }) => name) }),
      ...(key.kind === 'managed' ? {} : resourceTagKeys(key.tags)),
    },
  };
}

/** As `onKey`, for an input that names its key by `KeyId`. */
export function onNamedKey<Input extends Named>(
  parts: KmsParts,
  action: string,
  conditionsOf: (input: Input) => Conditions = () => ({}),
) {
  return (input: Input, context: RequestContext): readonly Requirement[] => {
    const name = input.KeyId ?? '';
    const key = parts.keys.find(context, name);
    return [onKey(parts, context, key, action, { name, conditions: conditionsOf(input) })];
  };
}

/**
 * The key of that id or ARN. Only what uses keys, and DescribeKey, takes aliases as well: the KMS API reference says
 * so of each operation's KeyId.
 * @throws AwsError NotFoundException, InvalidArnException
 */
export function getKey(
  { keys }: KmsParts,
  context: RequestContext,
  id: string | undefined,
  form: 'no-alias' | 'or-alias' = 'no-alias',
): KeyRecord {
  const name = id ?? '';
  if (form === 'no-alias' && name.includes('alias/')) throw notFound(`Invalid keyId '${name}'`);
  const key = keys.find(context, name);
  if (key) return key;
  if (name.startsWith('arn:')) {
    const arn = readArn(name);
    if (!arn) throw new AwsError('InvalidArnException', `${name} is not a valid ARN.`);
    if (arn.region !== context.region) throw notFound(`Invalid arn ${arn.region}`);
  }
  if (name.includes('alias/')) throw notFound(`Alias ${namedArn(name, context)} is not found.`);
  if (!name.startsWith('arn:') && !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(name)) {
    throw notFound(`Invalid keyId '${name}'`);
  }
  throw notFound(`Key '${namedArn(name, context)}' does not exist`);
}

/** @throws AwsError where there is no such key, or AWS manages it */
export function getOwnKey(parts: KmsParts, context: RequestContext, id: string | undefined): CustomerKey {
  const key = getKey(parts, context, id);
  if (key.kind === 'managed') throw awsManaged(keyArn(key));
  return key;
}

/** @throws AwsError where there is no such key, AWS manages it, or it waits for its deletion */
export function getCustomerKey(parts: KmsParts, context: RequestContext, id: string | undefined): CustomerKey {
  const key = getOwnKey(parts, context, id);
  if (key.deletionAt !== undefined) throw invalidState(`${keyArn(key)} is pending deletion.`);
  return key;
}

/** @throws AwsError DisabledException or KMSInvalidStateException, as the key's state is */
export function assertUsable(key: KeyRecord): void {
  const state = stateOf(key);
  if (state === 'Disabled') throw keyDisabled(keyArn(key));
  if (state === 'PendingDeletion') throw invalidState(`${keyArn(key)} is pending deletion.`);
}

/** @throws AwsError for an option of the request that isn't run. */
export function refuse(operation: string, input: object, ...options: readonly string[]): void {
  refuseOptions('kms', operation, input, ...options);
}

/** Source: KMS developer guide, "AWS KMS condition keys": kms:CallerAccount, kms:ViaService. */
export function callKeys({ caller }: RequestContext): Record<string, string> {
  return {
    ...(caller.kind === 'service' ? {} : { 'kms:CallerAccount': caller.accountId }),
    ...(caller.via === undefined ? {} : { 'kms:ViaService': caller.via }),
  };
}

function contextKeys(context: EncryptionContext): Record<string, string | readonly string[]> {
  const names = Object.keys(context ?? {});
  if (names.length === 0) return {};
  const pairs = Object.entries(context ?? {}).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
  return { ...(Object.fromEntries(pairs) as Record<string, string>), 'kms:EncryptionContextKeys': names };
}

function namedArn(name: string, { region, accountId }: RequestContext): string {
  if (name.startsWith('arn:')) return name;
  return formatArn('kms', region, accountId, name.startsWith('alias/') ? name : `key/${name}`);
}
