import { AwsError, formatArn, type RequestContext, type Requirement } from '@outbox/local-cloud-kernel';
import { managedAlias, toAlias } from './describe';
import { alreadyExists, constraint, notFound, validation } from './errors';
import type { AliasRecord } from './model';
import { callKeys, getCustomerKey, getKey, onKey, type KmsOperations, type KmsParts } from './operation';
import { pageOf } from './page';
import { ALIASES_PER_KEY } from './limits';

/** Names of keys. An alias is a resource of its own: both it and the key need the permission. */
export function aliasOperations(parts: KmsParts): KmsOperations {
  const { keys, engine } = parts;
  const onAlias = (action: string, context: RequestContext, name: string | undefined): Requirement => ({
    action: `kms:${action}`,
    resource: formatArn('kms', context.region, context.accountId, name ?? ''),
    conditions: callKeys(context),
  });
  const onBoth =
    (action: string) =>
    (
      input: { readonly AliasName?: string | undefined; readonly TargetKeyId?: string | undefined },
      context: RequestContext,
    ): readonly Requirement[] => {
      const conditions = { 'kms:RequestAlias': input.AliasName ?? '' };
      const key = keys.find(context, input.TargetKeyId ?? '');
      return [
        onAlias(action, context, input.AliasName),
        onKey(parts, context, key, action, { name: input.TargetKeyId, conditions }),
      ];
    };
  const get = (context: RequestContext, name: string | undefined): AliasRecord => {
    const alias = keys.alias(context, name ?? '');
    if (alias) return alias;
    throw notFound(`Alias ${formatArn('kms', context.region, context.accountId, name ?? '')} is not found.`);
  };
  return {
    CreateAlias: {
      requires: onBoth('CreateAlias'),
      handle: (input, context) => {
        const name = checkAlias(input.AliasName);
        const key = getCustomerKey(parts, context, checkTarget(input.TargetKeyId));
        if (keys.alias(context, name)) {
          const arn = formatArn('kms', context.region, context.accountId, name);
          throw alreadyExists(`An alias with the name ${arn} already exists`);
        }
        if (keys.aliases(key).filter(({ keyId }) => keyId === key.id).length >= ALIASES_PER_KEY) {
          throw new AwsError('LimitExceededException', `A key can have ${ALIASES_PER_KEY} aliases.`);
        }
        const now = engine.clock.now();
        const { accountId, region, id } = key;
        keys.putAlias({ accountId, region, name, keyId: id, createdAt: now, updatedAt: now });
        return {};
      },
    },
    UpdateAlias: {
      requires: onBoth('UpdateAlias'),
      handle: (input, context) => {
        const alias = get(context, checkAlias(input.AliasName));
        const key = getCustomerKey(parts, context, checkTarget(input.TargetKeyId));
        keys.putAlias({ ...alias, keyId: key.id, updatedAt: engine.clock.now() });
        return {};
      },
    },
    DeleteAlias: {
      requires: (input, context) => {
        const keyId = keys.alias(context, input.AliasName ?? '')?.keyId;
        const key = keyId === undefined ? undefined : keys.byId(context, keyId);
        const own = onAlias('DeleteAlias', context, input.AliasName);
        return key ? [own, onKey(parts, context, key, 'DeleteAlias')] : [own];
      },
      handle: (input, context) => {
        keys.deleteAlias(context, get(context, checkAlias(input.AliasName)).name);
        return {};
      },
    },
    ListAliases: {
      requires: (_, context) => [{ action: 'kms:ListAliases', resource: '*', conditions: callKeys(context) }],
      handle: (input, context) => {
        const own = keys.aliases(context).map(toAlias);
        const all = [...keys.all(context).flatMap((key) => managedAlias(key) ?? []), ...own];
        const keyId = input.KeyId === undefined ? undefined : getKey(parts, context, input.KeyId).id;
        const { items, ...rest } = pageOf(
          all.filter(({ TargetKeyId }) => keyId === undefined || TargetKeyId === keyId),
          input,
          50,
        );
        return { Aliases: items, ...rest };
      },
    },
  };
}

function checkAlias(name = ''): string {
  if (!/^[a-zA-Z0-9:/_-]{1,256}$/.test(name)) {
    throw constraint(name, 'aliasName', 'Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$');
  }
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name)) throw validation('Invalid identifier');
  if (name.startsWith('alias/aws/')) throw new AwsError('NotAuthorizedException', '');
  return name;
}

/** An alias can't name another one. */
function checkTarget(id = ''): string {
  if (id.includes('alias/')) throw validation('Aliases must refer to keys. Not aliases');
  return id;
}
