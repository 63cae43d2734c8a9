import {
  AwsError,
  formatArn,
  parseArn,
  unsupported,
  type Engine,
  type RequestContext,
  type Requirement,
  type Service,
} from '@outbox/local-cloud-kernel';
import { keyArn, keyPolicy, Keys, toMetadata, type KeyRecord } from './keys';

/** KMS as far as tables and queues name AWS-managed keys. Customer keys are refused by name. */
export function kms(engine: Pick<Engine, 'clock' | 'ids' | 'store'>): Service<'kms'> {
  const keys = new Keys(engine);
  const find = (input: { KeyId?: string | undefined }, context: RequestContext): KeyRecord | undefined =>
    findKey(keys, input.KeyId ?? '', context);
  const onKey =
    (action: string) =>
    (input: { KeyId?: string | undefined }, context: RequestContext): readonly Requirement[] => {
      const key = find(input, context);
      return [
        {
          action: `kms:${action}`,
          resource: key ? keyArn(key) : formatArn('kms', context.region, context.accountId, `key/${input.KeyId ?? ''}`),
          resourcePolicy: key && keyPolicy(key),
        },
      ];
    };
  return {
    name: 'kms',
    operations: {
      DescribeKey: {
        requires: onKey('DescribeKey'),
        handle: (input, context) => ({ KeyMetadata: toMetadata(found(find(input, context), input.KeyId, context)) }),
      },
      GetKeyPolicy: {
        requires: onKey('GetKeyPolicy'),
        handle: (input, context) => ({
          Policy: keyPolicy(found(find(input, context), input.KeyId, context)),
          PolicyName: 'default',
        }),
      },
      ListAliases: {
        requires: () => [{ action: 'kms:ListAliases', resource: '*' }],
        handle: (input, context) => {
          if (input.Marker) throw unsupported('kms', 'ListAliases', 'Marker');
          const all = keys.all(context).filter((key) => !input.KeyId || find(input, context)?.id === key.id);
          return { Aliases: all.map(toAlias), Truncated: false };
        },
      },
      ListKeys: {
        requires: () => [{ action: 'kms:ListKeys', resource: '*' }],
        handle: (input, context) => {
          if (input.Marker) throw unsupported('kms', 'ListKeys', 'Marker');
          return { Keys: keys.all(context).map((key) => ({ KeyId: key.id, KeyArn: keyArn(key) })), Truncated: false };
        },
      },
    },
  };
}

/** A key by id, key ARN, alias or alias ARN; of the caller's own account and region. */
function findKey(keys: Keys, id: string, context: RequestContext): KeyRecord | undefined {
  if (!id.startsWith('arn:')) return id.startsWith('alias/') ? keys.byAlias(context, id) : keys.byId(context, id);
  const arn = parseArn(id);
  if (arn.accountId !== context.accountId || arn.region !== context.region) return undefined;
  return arn.resource.startsWith('alias/')
    ? keys.byAlias(context, arn.resource)
    : keys.byId(context, arn.resource.replace(/^key\//, ''));
}

function found(key: KeyRecord | undefined, id: string | undefined, context: RequestContext): KeyRecord {
  if (key) return key;
  const name = id ?? '';
  const arn = name.startsWith('arn:')
    ? name
    : formatArn('kms', context.region, context.accountId, name.startsWith('alias/') ? name : `key/${name}`);
  throw new AwsError(
    'NotFoundException',
    name.includes('alias/') ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`,
  );
}

function toAlias(key: KeyRecord): { AliasName: string; AliasArn: string; TargetKeyId: string } {
  const name = `alias/aws/${key.service}`;
  return { AliasName: name, AliasArn: formatArn('kms', key.region, key.accountId, name), TargetKeyId: key.id };
}
