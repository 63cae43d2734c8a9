import { AwsError, unsupported, type Engine, type InputOf, type Service } from '@outbox/local-cloud-kernel';
import { accessDenied } from '../access/denial';
import type { Sessions } from '../access/sessions';
import { assertTrusted } from '../access/trust';
import type { RoleStore } from '../iam/role-store';

/** STS: who am I, and becoming a role. */
export function sts(engine: Pick<Engine, 'clock'>, roles: RoleStore, sessions: Sessions): Service<'sts'> {
  return {
    name: 'sts',
    operations: {
      GetCallerIdentity: {
        // Needs no permission, not even past an explicit deny. Source: STS API reference, GetCallerIdentity.
        requires: () => [],
        handle: (_, { caller }) => ({ UserId: caller.userId, Account: caller.accountId, Arn: caller.arn }),
      },
      AssumeRole: {
        // The trust policy is the role's resource policy. Evaluated again below, as it also binds the admin key.
        requires: (input) => [
          {
            action: 'sts:AssumeRole',
            resource: input.RoleArn ?? '*',
            resourcePolicy: roles.byArn(input.RoleArn ?? '')?.trust,
            conditions: trustKeys(input),
          },
        ],
        handle: (input, { caller, region }) => {
          for (const option of ['Policy', 'PolicyArns', 'Tags', 'SerialNumber', 'ProvidedContexts'] as const) {
            if (input[option] !== undefined) throw unsupported('sts', 'AssumeRole', option);
          }
          const name = input.RoleSessionName ?? '';
          if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
            throw new AwsError('ValidationError', `Value '${name}' at 'roleSessionName' failed to satisfy constraint`);
          }
          const role = roles.byArn(input.RoleArn ?? '');
          // A role that doesn't exist is denied like one that doesn't trust the caller.
          if (!role) {
            throw accessDenied(caller, { action: 'sts:AssumeRole', resource: input.RoleArn ?? '' }, 'sts', 'no-trust');
          }
          const principalTags = caller.roleArn ? roles.byArn(caller.roleArn)?.tags : undefined;
          assertTrusted(role, caller, { now: engine.clock.now(), region, principalTags }, trustKeys(input));
          const seconds = input.DurationSeconds ?? 3600;
          if (seconds < 900 || seconds > role.maxSessionDuration) {
            throw new AwsError(
              'ValidationError',
              'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
            );
          }
          const { caller: session, credentials } = sessions.issue(role, name, seconds * 1000);
          return {
            Credentials: {
              AccessKeyId: credentials.accessKeyId,
              SecretAccessKey: credentials.secretAccessKey,
              SessionToken: credentials.sessionToken,
              Expiration: new Date(credentials.expiresAt ?? engine.clock.now()),
            },
            AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
            PackedPolicySize: 0,
          };
        },
      },
    },
  };
}

function trustKeys(input: InputOf<'sts', 'AssumeRole'>): Readonly<Record<string, string>> {
  return {
    ...(input.RoleSessionName ? { 'sts:RoleSessionName': input.RoleSessionName } : {}),
    ...(input.ExternalId ? { 'sts:ExternalId': input.ExternalId } : {}),
  };
}
