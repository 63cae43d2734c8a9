import type { Engine } from '@outbox/local-cloud-kernel';
import { invalidParameter, notFound } from './errors';
import { secretArn, type SecretRecord } from './model';
import type { SecretOperations } from './secrets-manager';
import type { Secrets } from './secrets';
import { DEFAULT_DAYS } from './limits';

const DAY_MS = 86_400_000;
const DAYS = { min: 7, max: 30 };

/** Secrets: deleted after a while or at once, and taken back until then. */
export function deleteOperations(engine: Pick<Engine, 'clock'>, secrets: Secrets): SecretOperations {
  return {
    DeleteSecret: {
      requires: (input, context) => [
        secrets.requires('DeleteSecret', context, input.SecretId ?? '', {
          'secretsmanager:ForceDeleteWithoutRecovery': String(input.ForceDeleteWithoutRecovery ?? false),
          ...(input.RecoveryWindowInDays === undefined
            ? {}
            : { 'secretsmanager:RecoveryWindowInDays': String(input.RecoveryWindowInDays) }),
        }),
      ],
      handle: (input, context) => {
        const { ForceDeleteWithoutRecovery: force = false, RecoveryWindowInDays: days, SecretId: id = '' } = input;
        if (force && days !== undefined) {
          throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        }
        if (days !== undefined && (days < DAYS.min || days > DAYS.max)) {
          throw invalidParameter(
            `The RecoveryWindowInDays value must be between ${DAYS.min} and ${DAYS.max} days (inclusive).`,
          );
        }
        const now = engine.clock.now();
        const known = secrets.find(context, id);
        if (!known) {
          // Source: API reference, DeleteSecret: with force, a secret that isn't there is no error.
          if (!force) throw notFound();
          return { ARN: id.startsWith('arn:') ? id : undefined, Name: id, DeletionDate: new Date(now) };
        }
        if (force) {
          secrets.delete(known);
          return { ARN: secretArn(known), Name: known.name, DeletionDate: new Date(now) };
        }
        const secret = known.deletion ? known : secrets.getLiving(context, id);
        const at = now + (days ?? DEFAULT_DAYS) * DAY_MS;
        secrets.put({ ...secret, deletion: { askedAt: now, at } });
        return { ARN: secretArn(secret), Name: secret.name, DeletionDate: new Date(at) };
      },
    },
    RestoreSecret: {
      requires: (input, context) => [secrets.requires('RestoreSecret', context, input.SecretId ?? '')],
      handle: (input, context) => {
        const { deletion: _deletion, ...secret }: SecretRecord = secrets.get(context, input.SecretId ?? '');
        secrets.put(secret);
        return { ARN: secretArn(secret), Name: secret.name };
      },
    },
  };
}
