import { requestTagKeys, tagRecord } from '@outbox/local-cloud-kernel';
import { toMetadata } from './describe';
import { checkNumber, checkOneOf, checkText, invalidState, notFound } from './errors';
import { checkKeyPolicy, defaultPolicy, policyOf } from './key-policy';
import { keyArn } from './keys';
import type { CustomerKey } from './model';
import {
  callKeys,
  getCustomerKey,
  getKey,
  getOwnKey,
  onKey,
  onNamedKey,
  refuse,
  type KmsOperations,
  type KmsParts,
} from './operation';
import { pageOf } from './page';
import { listedTags, taggedWith } from './tags';

const DAY_MS = 86_400_000;

/** Making keys, looking at them, and their life: enabled, disabled, deleted. */
export function keyOperations(parts: KmsParts): KmsOperations {
  const { keys, engine, roles } = parts;
  const changed = (key: CustomerKey, change: Partial<CustomerKey>): void => keys.put({ ...key, ...change });
  return {
    CreateKey: {
      requires: (input, context) => {
        const conditions = { ...callKeys(context), ...requestTagKeys(tagRecord(listedTags(input.Tags))) };
        const create = { action: 'kms:CreateKey', resource: '*', conditions };
        return input.Tags?.length ? [create, { ...create, action: 'kms:TagResource' }] : [create];
      },
      handle: (input, { accountId, region, caller }) => {
        refuse('CreateKey', input, 'CustomKeyStoreId', 'XksKeyId');
        if (input.MultiRegion) refuse('CreateKey', input, 'MultiRegion');
        if ((input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT') {
          refuse('CreateKey', input, 'KeySpec', 'CustomerMasterKeySpec');
        }
        if ((input.KeyUsage ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT') refuse('CreateKey', input, 'KeyUsage');
        if ((input.Origin ?? 'AWS_KMS') !== 'AWS_KMS') refuse('CreateKey', input, 'Origin');
        const id = engine.ids.uuid();
        const now = engine.clock.now();
        const place = { key: { accountId, region, id }, caller, now };
        const key: CustomerKey = {
          kind: 'customer',
          accountId,
          region,
          id,
          createdAt: now,
          material: [keys.material()],
          description: checkDescription(input.Description),
          policy:
            input.Policy === undefined
              ? defaultPolicy(accountId)
              : checkKeyPolicy(input.Policy, place, roles, input.BypassPolicyLockoutSafetyCheck ?? false),
          enabled: true,
          tags: taggedWith(input.Tags),
        };
        keys.put(key);
        return { KeyMetadata: toMetadata(key) };
      },
    },
    DescribeKey: {
      requires: onNamedKey(parts, 'DescribeKey'),
      handle: (input, context) => ({ KeyMetadata: toMetadata(getKey(parts, context, input.KeyId, 'or-alias')) }),
    },
    ListKeys: {
      requires: (_, context) => [{ action: 'kms:ListKeys', resource: '*', conditions: callKeys(context) }],
      handle: (input, context) => {
        const { items, ...rest } = pageOf(keys.all(context), input, 100);
        return { Keys: items.map((key) => ({ KeyId: key.id, KeyArn: keyArn(key) })), ...rest };
      },
    },
    UpdateKeyDescription: {
      requires: onNamedKey(parts, 'UpdateKeyDescription'),
      handle: (input, context) => {
        const key = getCustomerKey(parts, context, input.KeyId);
        changed(key, { description: checkDescription(input.Description) });
        return {};
      },
    },
    EnableKey: {
      requires: onNamedKey(parts, 'EnableKey'),
      handle: (input, context) => {
        changed(getCustomerKey(parts, context, input.KeyId), { enabled: true });
        return {};
      },
    },
    DisableKey: {
      requires: onNamedKey(parts, 'DisableKey'),
      handle: (input, context) => {
        changed(getCustomerKey(parts, context, input.KeyId), { enabled: false });
        return {};
      },
    },
    ScheduleKeyDeletion: {
      requires: (input, context) => {
        const key = keys.find(context, input.KeyId ?? '');
        const conditions = { 'kms:ScheduleKeyDeletionPendingWindowInDays': String(input.PendingWindowInDays ?? 30) };
        return [onKey(parts, context, key, 'ScheduleKeyDeletion', { name: input.KeyId, conditions })];
      },
      handle: (input, context) => {
        const key = getCustomerKey(parts, context, input.KeyId);
        const days = input.PendingWindowInDays ?? 30;
        checkNumber(days, 'pendingWindowInDays', 7, 30);
        const deletionAt = engine.clock.now() + days * DAY_MS;
        changed(key, { deletionAt, enabled: false });
        return {
          KeyId: keyArn(key),
          DeletionDate: new Date(deletionAt),
          KeyState: 'PendingDeletion',
          PendingWindowInDays: days,
        };
      },
    },
    CancelKeyDeletion: {
      requires: onNamedKey(parts, 'CancelKeyDeletion'),
      handle: (input, context) => {
        const key = getKey(parts, context, input.KeyId);
        if (key.kind === 'managed' || key.deletionAt === undefined) {
          throw invalidState(`${keyArn(key)} is not pending deletion.`);
        }
        // It comes back switched off: whoever wants it again says so.
        const { deletionAt: _, ...kept } = key;
        keys.put(kept);
        return { KeyId: keyArn(key) };
      },
    },
    GetKeyPolicy: {
      requires: onNamedKey(parts, 'GetKeyPolicy'),
      handle: (input, context) => {
        if ((input.PolicyName ?? 'default') !== 'default') throw notFound('No such policy exists');
        return { Policy: policyOf(getKey(parts, context, input.KeyId)), PolicyName: 'default' };
      },
    },
    PutKeyPolicy: {
      requires: onNamedKey(parts, 'PutKeyPolicy'),
      handle: (input, context) => {
        checkPolicyName(input.PolicyName);
        const key = getOwnKey(parts, context, input.KeyId);
        const place = { key, caller: context.caller, now: engine.clock.now() };
        const bypass = input.BypassPolicyLockoutSafetyCheck ?? false;
        changed(key, { policy: checkKeyPolicy(input.Policy ?? '', place, roles, bypass) });
        return {};
      },
    },
    ListKeyPolicies: {
      requires: onNamedKey(parts, 'ListKeyPolicies'),
      handle: (input, context) => {
        getKey(parts, context, input.KeyId);
        return { PolicyNames: ['default'], Truncated: false };
      },
    },
  };
}

function checkPolicyName(name = 'default'): void {
  checkOneOf(name, 'policyName', ['default']);
}

function checkDescription(text = ''): string {
  checkText(text, 'description', { least: 0, most: 8192 });
  return text;
}
