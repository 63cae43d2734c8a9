import { refuseOptions, type Engine, type InputOf, type Service } from '@outbox/local-cloud-kernel';
import { accessDenied } from '../access/denial';
import type { Sessions } from '../access/sessions';
import { assertTrusted } from '../access/trust';
import { checkNumber, checkText, validationError } from '../iam/errors';
import type { RoleStore } from '../iam/role-store';

/** What a session may have that was come by as a session. Source: IAM user guide, "Role chaining". */
const CHAINED_SECONDS = 3600;

/** Options of AssumeRole that are not run. */
const REFUSED = [
  'Policy',
  'PolicyArns',
  'ProvidedContexts',
  'SerialNumber',
  'SourceIdentity',
  'Tags',
  'TokenCode',
  'TransitiveTagKeys',
  'MinimumSessionTokenSize',
];

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
          refuseOptions('sts', 'AssumeRole', input, ...REFUSED);
          const name = checkInput(input);
          const role = roles.byArn(input.RoleArn ?? '');
          // A role that doesn't exist is denied like one that doesn't trust the caller.
          if (!role) {
            throw accessDenied(
              caller,
              { action: 'sts:AssumeRole', resource: input.RoleArn ?? '' },
              'sts',
              'no-resource',
            );
          }
          const principalTags = caller.roleArn ? roles.byArn(caller.roleArn)?.tags : undefined;
          assertTrusted(role, caller, { now: engine.clock.now(), region, principalTags }, trustKeys(input));
          const seconds = input.DurationSeconds ?? 3600;
          if (seconds > role.maxSessionDuration) {
            throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
          }
          if (caller.kind === 'role' && seconds > CHAINED_SECONDS) {
            throw validationError(
              'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
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

/** Answers the session's name. Source: STS API reference, AssumeRole. @throws AwsError ValidationError */
function checkInput(input: InputOf<'sts', 'AssumeRole'>): string {
  const { RoleArn: arn = '', RoleSessionName: name = '', ExternalId: externalId, DurationSeconds: seconds } = input;
  checkText(arn, 'roleArn', { least: 20, most: 2048 });
  checkText(name, 'roleSessionName', { least: 2, most: 64, pattern: '[\\w+=,.@-]*' });
  checkNumber(seconds, 'durationSeconds', 900, 43_200);
  checkText(externalId, 'externalId', { least: 2, most: 1224, pattern: '[\\w+=,.@:\\/-]*' });
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(arn)) throw validationError(`${arn} is invalid`);
  return name;
}

function trustKeys(input: InputOf<'sts', 'AssumeRole'>): Readonly<Record<string, string>> {
  return {
    ...(input.RoleSessionName ? { 'sts:RoleSessionName': input.RoleSessionName } : {}),
    ...(input.ExternalId ? { 'sts:ExternalId': input.ExternalId } : {}),
  };
}
