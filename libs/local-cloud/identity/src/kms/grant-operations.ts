import { isDeepStrictEqual } from 'node:util';
import { AwsError, type InputOf, type RequestContext } from '@outbox/local-cloud-kernel';
import { isAwsPrincipal } from '../iam/principals';
import type { RoleStore } from '../iam/role-store';
import { constraint, notFound, validation } from './errors';
import { toGrantEntry } from './grants';
import { keyArn } from './keys';
import type { GrantRecord } from './model';
import {
  assertUsable,
  callKeys,
  getKey,
  onKey,
  onNamedKey,
  refuse,
  type KmsOperations,
  type KmsParts,
} from './operation';
import { pageOf } from './page';

/** What a grant on a symmetric encryption key may allow. Source: KMS developer guide, "Grant operations". */
const OPERATIONS = new Set<string>([
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
  'CreateGrant',
  'RetireGrant',
  'DescribeKey',
]);

/** Grants: what services get when a resource under a customer's key is made. */
export function grantOperations(parts: KmsParts): KmsOperations {
  const { grants, engine, keys, roles } = parts;
  const find = (grantId: string | undefined, arn: string): GrantRecord => {
    const grant = grants.get(grantId ?? '');
    if (grant?.keyArn !== arn) throw notFound(`Grant ID ${grantId ?? ''} not found`);
    return grant;
  };
  const retired = (input: {
    GrantToken?: string | undefined;
    GrantId?: string | undefined;
  }): GrantRecord | undefined =>
    input.GrantToken === undefined ? grants.get(input.GrantId ?? '') : grants.byToken(input.GrantToken);
  return {
    CreateGrant: {
      requires: (input, context) => {
        const key = keys.find(context, input.KeyId ?? '');
        const { EncryptionContextEquals: equal, EncryptionContextSubset: subset } = input.Constraints ?? {};
        const conditions = {
          ...(context.caller.via === undefined ? {} : { 'kms:GrantIsForAWSResource': 'true' }),
          'kms:GranteePrincipal': input.GranteePrincipal ?? '',
          'kms:GrantOperations': input.Operations ?? [],
          ...(input.RetiringPrincipal === undefined ? {} : { 'kms:RetiringPrincipal': input.RetiringPrincipal }),
          ...(equal ? { 'kms:GrantConstraintType': 'EncryptionContextEquals' } : {}),
          ...(subset ? { 'kms:GrantConstraintType': 'EncryptionContextSubset' } : {}),
        };
        return [
          onKey(parts, context, key, 'CreateGrant', {
            name: input.KeyId,
            bound: equal ?? subset,
            conditions,
            passedOn: input.Operations,
          }),
        ];
      },
      handle: (input, context) => {
        refuse('CreateGrant', input, 'GrantTokens', 'DryRun', 'GranteeServicePrincipal', 'RetiringServicePrincipal');
        refuse('CreateGrant', input.Constraints ?? {}, 'SourceArn');
        const key = getKey(parts, context, input.KeyId);
        assertUsable(key);
        const grantee = input.GranteePrincipal ?? '';
        for (const principal of [grantee, input.RetiringPrincipal]) {
          if (principal !== undefined && !isPrincipal(principal, roles)) {
            throw new AwsError('InvalidArnException', `${principal} is not valid.`);
          }
        }
        const unknown = (input.Operations ?? []).find((operation) => !OPERATIONS.has(operation));
        if (unknown !== undefined) throw constraint(unknown, 'operations', `Member must satisfy enum value set`);
        if (!input.Operations?.length) throw validation('Operations must not be empty.');
        const same = grants.of(keyArn(key)).find((grant) => input.Name !== undefined && isSame(grant, input));
        const token = engine.ids.token(120);
        if (same) {
          grants.put({ ...same, moreTokens: [...(same.moreTokens ?? []), token] });
          return { GrantId: same.id, GrantToken: token };
        }
        const grant: GrantRecord = {
          id: engine.ids.token(64, '0123456789abcdef'),
          token,
          keyArn: keyArn(key),
          ...(input.Name === undefined ? {} : { name: input.Name }),
          grantee,
          ...(input.RetiringPrincipal === undefined ? {} : { retiring: input.RetiringPrincipal }),
          issuer: context.caller.kind === 'root' ? context.caller.arn : `arn:aws:iam::${context.accountId}:root`,
          operations: input.Operations,
          ...(input.Constraints ? { constraints: input.Constraints } : {}),
          createdAt: engine.clock.now(),
        };
        grants.put(grant);
        return { GrantId: grant.id, GrantToken: grant.token };
      },
    },
    ListGrants: {
      requires: onNamedKey(parts, 'ListGrants'),
      handle: (input, context) => {
        refuse('ListGrants', input, 'GranteeServicePrincipal');
        const all = grants
          .of(keyArn(getKey(parts, context, input.KeyId)))
          .filter(({ id }) => input.GrantId === undefined || id === input.GrantId)
          .filter(({ grantee }) => input.GranteePrincipal === undefined || grantee === input.GranteePrincipal);
        const { items, ...rest } = pageOf(all, input, 50);
        return { Grants: items.map(toGrantEntry), ...rest };
      },
    },
    RevokeGrant: {
      requires: (input, context) => {
        const conditions: Record<string, string> =
          context.caller.via === undefined ? {} : { 'kms:GrantIsForAWSResource': 'true' };
        const key = keys.find(context, input.KeyId ?? '');
        return [onKey(parts, context, key, 'RevokeGrant', { name: input.KeyId, conditions })];
      },
      handle: (input, context) => {
        refuse('RevokeGrant', input, 'DryRun');
        grants.delete(find(input.GrantId, keyArn(getKey(parts, context, input.KeyId))).id);
        return {};
      },
    },
    RetireGrant: {
      // Whoever the grant lets retire it needs no permission else. Source: KMS developer guide, "Retiring grants".
      requires: (input, context) => {
        const grant = retired(input);
        if (grant && mayRetire(grant, context)) return [];
        return [{ action: 'kms:RetireGrant', resource: grant?.keyArn ?? '*', conditions: callKeys(context) }];
      },
      handle: (input) => {
        refuse('RetireGrant', input, 'DryRun');
        const grant = retired(input);
        if (!grant) throw noGrant(input);
        grants.delete(grant.id);
        return {};
      },
    },
  };
}

function noGrant({ GrantToken, GrantId }: InputOf<'kms', 'RetireGrant'>): AwsError {
  if (GrantToken !== undefined) return new AwsError('InvalidGrantTokenException', 'The grant token is not valid.');
  return GrantId === undefined
    ? validation('Either a grant token, or a key and a grant ID, must be specified.')
    : notFound(`Grant ID ${GrantId} not found`);
}

function mayRetire(grant: GrantRecord, { caller }: RequestContext): boolean {
  const who = [caller.arn, caller.roleArn, caller.service];
  return (
    (grant.retiring !== undefined && who.includes(grant.retiring)) ||
    (grant.operations.includes('RetireGrant') && who.includes(grant.grantee))
  );
}

/** An account, a role there is, a session, or a service. */
function isPrincipal(text: string, roles: RoleStore): boolean {
  return text.startsWith('arn:') ? isAwsPrincipal(text, roles) : /^[a-z0-9.-]+\.amazonaws\.com$/.test(text);
}

/** The same request under the same name makes no second grant. Source: KMS API reference, CreateGrant, Name. */
function isSame(grant: GrantRecord, input: InputOf<'kms', 'CreateGrant'>): boolean {
  return (
    grant.name === input.Name &&
    grant.grantee === input.GranteePrincipal &&
    grant.retiring === input.RetiringPrincipal &&
    isDeepStrictEqual(new Set(grant.operations), new Set(input.Operations)) &&
    isDeepStrictEqual(grant.constraints, input.Constraints)
  );
}
