import { checkNumber } from './errors';
import { keyArn } from './keys';
import { assertUsable, getCustomerKey, getKey, onNamedKey, type KmsOperations, type KmsParts } from './operation';

const DAY_MS = 86_400_000;
/** Days; and what a key without a period of its own has. Source: KMS API reference, EnableKeyRotation. */
const PERIOD = { min: 90, max: 2560, initial: 365 };

/** Automatic rotation of a key's material. */
export function rotationOperations(parts: KmsParts): KmsOperations {
  const { keys, engine } = parts;
  return {
    EnableKeyRotation: {
      requires: onNamedKey(parts, 'EnableKeyRotation'),
      handle: (input, context) => {
        const key = getCustomerKey(parts, context, input.KeyId);
        assertUsable(key);
        const periodDays = input.RotationPeriodInDays ?? key.rotation?.periodDays ?? PERIOD.initial;
        checkNumber(periodDays, 'rotationPeriodInDays', PERIOD.min, PERIOD.max);
        const isSame = key.rotation?.periodDays === periodDays;
        const nextAt = engine.clock.now() + periodDays * DAY_MS;
        keys.put({ ...key, rotation: isSame && key.rotation ? key.rotation : { periodDays, nextAt } });
        return {};
      },
    },
    DisableKeyRotation: {
      requires: onNamedKey(parts, 'DisableKeyRotation'),
      handle: (input, context) => {
        const key = getCustomerKey(parts, context, input.KeyId);
        assertUsable(key);
        const { rotation: _, ...kept } = key;
        keys.put(kept);
        return {};
      },
    },
    GetKeyRotationStatus: {
      requires: onNamedKey(parts, 'GetKeyRotationStatus'),
      handle: (input, context) => {
        const key = getKey(parts, context, input.KeyId);
        const KeyId = keyArn(key);
        // AWS rotates its own every year.
        if (key.kind === 'managed') return { KeyId, KeyRotationEnabled: true, RotationPeriodInDays: PERIOD.initial };
        if (!key.rotation) return { KeyId, KeyRotationEnabled: false };
        return {
          KeyId,
          KeyRotationEnabled: key.deletionAt === undefined,
          RotationPeriodInDays: key.rotation.periodDays,
          NextRotationDate: new Date(key.rotation.nextAt),
        };
      },
    },
  };
}
