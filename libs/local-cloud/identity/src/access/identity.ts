import { AwsError, servicePrincipal, type Caller, type Engine, type Identity } from '@outbox/local-cloud-kernel';
import type { RoleStore } from '../iam/role-store';
import { isDocumented } from '../permissions/lookup';
import { parsePolicy } from '../policy/document';
import { PolicySyntaxError } from '../policy/policy-syntax-error';
import { Authorizer } from './authorizer';
import { accessDenied } from './denial';
import { Denials, type Denial } from './denials';
import type { Sessions } from './sessions';
import { assertTrusted } from './trust';
import { Usage, type Use } from './usage';

/** The secret of every account's admin key: the engine listens on loopback only, so it guards nothing. */
const ADMIN_SECRET = 'local';

/**
 * How long the credentials are valid that services take for a role, in milliseconds: a function's environment keeps
 * its own for as long as it lives, so they last as long as STS allows at most.
 */
const SERVICE_SESSION_MS = 12 * 3_600_000;

/** What the table of permissions lacks. */
export interface Undocumented {
  readonly service: string;
  readonly operation: string;
  readonly action: string;
}

/** The kernel's identity, with a record of what roles really used. */
export interface RecordingIdentity extends Identity {
  /** Every permission the roles there are needed so far and only their own policies granted. */
  usage(): readonly Use[];
  /** Every permission an operation asked for since the engine started that the table of permissions doesn't list. */
  undocumented(): readonly Undocumented[];
  /** What was denied since the engine started, the latest first. */
  denials(): readonly Denial[];
}

export function identityOf(
  engine: Pick<Engine, 'clock' | 'store'>,
  roles: RoleStore,
  sessions: Sessions,
): RecordingIdentity {
  const usage = new Usage(engine, roles);
  const denials = new Denials(engine.clock);
  const undocumented = new Map<string, Undocumented>();
  const authorizer = new Authorizer(engine.clock, roles, usage, denials);
  return {
    resolve(accessKeyId, sessionToken) {
      if (!/^\d{12}$/.test(accessKeyId)) return sessions.resolve(accessKeyId, sessionToken);
      return sessionToken ? undefined : { caller: adminOf(accessKeyId), secretAccessKey: ADMIN_SECRET };
    },
    assumeRole(roleArn, service, sessionName, sourceArn) {
      const role = roles.byArn(roleArn);
      const caller = servicePrincipal(service, role?.accountId ?? '', sourceArn);
      const asked = { action: 'sts:AssumeRole', resource: roleArn };
      try {
        if (!role) throw accessDenied(caller, asked, 'sts', 'no-resource');
        assertTrusted(role, caller, { now: engine.clock.now() });
      } catch (error) {
        if (error instanceof AwsError) denials.record({ principal: service, ...asked, message: error.message });
        throw error;
      }
      return sessions.issue(role, sessionName, SERVICE_SESSION_MS);
    },
    servicePrincipal,
    resourcePolicyProblem(text) {
      try {
        parsePolicy(text, 'resource');
        return undefined;
      } catch (error) {
        if (error instanceof PolicySyntaxError) return error.message;
        throw error;
      }
    },
    authorize(caller, requirements, service, operation, region) {
      for (const { action } of requirements) {
        if (isDocumented(service, operation, action)) continue;
        undocumented.set(`${service} ${operation} ${action}`, { service, operation, action });
      }
      authorizer.authorize(caller, requirements, service, region);
    },
    usage: () => usage.all(),
    undocumented: () => [...undocumented.values()],
    denials: () => denials.all(),
  };
}

function adminOf(accountId: string): Caller {
  return { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId };
}
