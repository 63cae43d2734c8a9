import { AwsError, type Engine, type RequestContext } from '@outbox/local-cloud-kernel';
import { ServiceKeys, type KeyUser } from '@outbox/local-cloud-keys';
import type { RoleSessions } from '../role-sessions';
import { invalidParameter } from './errors';
import type { FunctionKey, FunctionRecord, VersionRecord } from './model';
import { functionArn } from './names';

type Place = Pick<FunctionRecord, 'accountId' | 'region' | 'name'>;

/**
 * Customers' keys of functions' variables. Whoever sets one needs `kms:CreateGrant`, and `kms:GenerateDataKey` for what
 * it encrypts: Lambda grants the execution role `kms:Decrypt` for this function, so the role's own policies need not.
 * The variables are decrypted for an environment; here it is asked at each invocation, so that a change counts at once.
 * Source: Lambda developer guide, "Securing Lambda environment variables".
 */
export class FunctionKeys {
  readonly #keys: ServiceKeys;

  constructor(
    private readonly engine: Pick<Engine, 'calls' | 'identity'>,
    private readonly roles: RoleSessions,
  ) {
    this.#keys = new ServiceKeys(engine, 'lambda');
  }

  /**
   * The key a request sets: undefined keeps the current one (for another role anew), an empty text takes it away.
   * @throws AwsError InvalidParameterValueException for a key that can't be used
   */
  async changed(
    keyArn: string | undefined,
    at: Place,
    role: string,
    context: RequestContext,
    current?: Pick<VersionRecord, 'key' | 'role'>,
  ): Promise<FunctionKey | undefined> {
    const wanted = keyArn ?? current?.key?.arn;
    if (!wanted) return undefined;
    if (current?.key && wanted === current.key.arn && role === current.role) return current.key;
    const user: KeyUser = { caller: context.caller, region: context.region };
    const bound = { 'aws:lambda:FunctionArn': functionArn(at) };
    try {
      const variables = await this.#keys.seal(wanted, bound, user);
      const grantToken = await this.#keys.grant(
        wanted,
        {
          GranteePrincipal: role,
          RetiringPrincipal: serviceOf(at.region),
          Operations: ['Decrypt', 'RetireGrant'],
          Constraints: { EncryptionContextEquals: bound },
        },
        user,
      );
      return { arn: wanted, variables, grantToken };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw invalidParameter(
        `Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. Please check your KMS key settings. KMS Exception: ${error.code} KMS Message: ${error.message}`,
      );
    }
  }

  /** Gives back the grants of versions that no longer are, but those that others still hold. */
  async release(at: Place, gone: readonly VersionRecord[], kept: readonly VersionRecord[] = []): Promise<void> {
    const held = new Set(kept.map(({ key }) => key?.grantToken));
    const tokens = new Set(gone.flatMap(({ key }) => (key && !held.has(key.grantToken) ? [key.grantToken] : [])));
    const caller = this.engine.identity.servicePrincipal(serviceOf(at.region), at.accountId, functionArn(at));
    for (const token of tokens) await this.#keys.retire(token, { caller, region: at.region });
  }

  /** Opens a version's variables for its role. @throws AwsError KMS…Exception, as Invoke answers it */
  async open({ key, role }: Pick<VersionRecord, 'key' | 'role'>, at: Place): Promise<void> {
    if (!key) return;
    const caller = this.roles.caller(role, 'lambda.amazonaws.com', at.name);
    try {
      await this.#keys.open(key.variables, { caller, region: at.region });
    } catch (error) {
      const code = error instanceof AwsError ? CODES[error.code] : undefined;
      if (code === undefined || !(error instanceof AwsError)) throw error;
      throw new AwsError(
        code,
        `Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the function's KMS key settings. KMS Exception: ${error.code} KMS Message: ${error.message}`,
        { status: 502, members: { Type: 'User' }, cause: error },
      );
    }
  }
}

/** Source: Lambda API reference, Invoke, "Errors". */
const CODES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'KMSAccessDeniedException',
  DisabledException: 'KMSDisabledException',
  KMSInvalidStateException: 'KMSInvalidStateException',
  NotFoundException: 'KMSNotFoundException',
};

function serviceOf(region: string): string {
  return `lambda.${region}.amazonaws.com`;
}
