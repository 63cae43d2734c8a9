import type { Caller, Credentials, Engine, KeyHolder, Table } from '@outbox/local-cloud-kernel';
import type { RoleRecord } from '../iam/model';
import type { RoleStore } from '../iam/role-store';

/** One assumed role; kept in the store, so that processes holding its key outlive a restart of the engine. */
interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Epoch milliseconds of engine time. */
  readonly expiresAt: number;
  readonly roleId: string;
  readonly caller: Caller;
}

const KEY_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** How long after their end credentials are still told from unknown ones, in milliseconds. */
const REMEMBERED_MS = 24 * 3_600_000;

/** Issues and finds the temporary credentials of assumed roles. */
export class Sessions {
  readonly #sessions: Table<Session>;

  constructor(
    private readonly engine: Pick<Engine, 'clock' | 'ids' | 'store'>,
    private readonly roles: RoleStore,
  ) {
    this.#sessions = engine.store.table('identity.sessions');
  }

  /**
   * Credentials for a role that was assumed, other ones each time: a key tells one process from another.
   * @param durationMs how long they are valid
   */
  issue(role: RoleRecord, sessionName: string, durationMs: number): { caller: Caller; credentials: Credentials } {
    const now = this.engine.clock.now();
    this.#forget(now - REMEMBERED_MS);
    const session: Session = {
      accessKeyId: `ASIA${this.engine.ids.token(16, KEY_ALPHABET)}`,
      secretAccessKey: this.engine.ids.token(40, SECRET_ALPHABET),
      sessionToken: this.engine.ids.token(120, SECRET_ALPHABET),
      expiresAt: now + durationMs,
      roleId: role.id,
      caller: {
        kind: 'role',
        accountId: role.accountId,
        arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
        userId: `${role.id}:${sessionName}`,
        roleArn: role.arn,
        sessionSince: now,
      },
    };
    this.#sessions.set(session.accessKeyId, session);
    return answer(session);
  }

  /** Undefined for an unknown key, a wrong token, or a session whose role is gone. */
  resolve(accessKeyId: string, sessionToken?: string): KeyHolder | undefined {
    const session = this.#sessions.get(accessKeyId);
    if (!session || session.sessionToken !== sessionToken) return undefined;
    const role = this.roles.byArn(session.caller.roleArn ?? '');
    if (role?.id !== session.roleId) return undefined;
    const { caller, secretAccessKey, expiresAt } = session;
    return { caller, secretAccessKey, expired: expiresAt <= this.engine.clock.now() };
  }

  #forget(expiredBefore: number): void {
    for (const session of [...this.#sessions.values()]) {
      if (session.expiresAt <= expiredBefore) this.#sessions.delete(session.accessKeyId);
    }
  }
}

function answer({ caller, accessKeyId, secretAccessKey, sessionToken, expiresAt }: Session): {
  caller: Caller;
  credentials: Credentials;
} {
  return { caller, credentials: { accessKeyId, secretAccessKey, sessionToken, expiresAt } };
}
