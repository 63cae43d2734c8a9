import type { Caller, Engine } from '@outbox/local-cloud-kernel';

/** A session is renewed when it has less than this left, in milliseconds. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** Sessions of roles that services of this part act as; one per role and session name, renewed before it expires. */
export class RoleSessions {
  readonly #sessions = new Map<string, { readonly caller: Caller; readonly expiresAt: number }>();

  constructor(private readonly engine: Pick<Engine, 'clock' | 'identity'>) {}

  /** @throws AwsError when the role is gone or does not trust the service. */
  caller(roleArn: string, service: string, sessionName: string): Caller {
    const key = `${roleArn} ${service} ${sessionName}`;
    const known = this.#sessions.get(key);
    if (known && known.expiresAt - this.engine.clock.now() > RENEW_BEFORE_MS) return known.caller;
    const { caller, credentials } = this.engine.identity.assumeRole(roleArn, service, sessionName);
    this.#sessions.set(key, { caller, expiresAt: credentials.expiresAt ?? Infinity });
    return caller;
  }
}
