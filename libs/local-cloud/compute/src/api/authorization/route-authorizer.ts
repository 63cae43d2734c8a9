import type { Authenticate, Engine } from '@outbox/local-cloud-kernel';
import { gatewayResponse } from '../invocation/to-response';
import type { ApiRequest } from '../invocation/request-event';
import type { ApiRecord, AuthorizerRecord, RouteRecord, StageRecord } from '../model';
import { IamAuthorizer } from './iam-authorizer';
import { IssuerKeys } from './issuer-keys';
import { JwtAuthorizer } from './jwt-authorizer';
import type { AuthorizationOutcome } from './outcome';

/** A request that is to be authorized. */
export interface AuthorizationRequest {
  readonly api: ApiRecord;
  readonly stage: StageRecord;
  /** Without the stage, decoded. */
  readonly path: string;
  readonly request: ApiRequest;
  readonly authenticate: Authenticate;
}

/** Authorizes requests as their route says. */
export class RouteAuthorizer {
  readonly #jwt: JwtAuthorizer;
  readonly #iam: IamAuthorizer;

  constructor(engine: Pick<Engine, 'clock' | 'identity'>) {
    this.#jwt = new JwtAuthorizer(engine.clock, new IssuerKeys(engine.clock));
    this.#iam = new IamAuthorizer(engine);
  }

  /** @returns undefined where the route is open to all */
  async authorize(
    { api, stage, path, request, authenticate }: AuthorizationRequest,
    { authorization }: RouteRecord,
    authorizers: Readonly<Record<string, AuthorizerRecord>>,
  ): Promise<AuthorizationOutcome | undefined> {
    if (authorization?.type === 'AWS_IAM') {
      return this.#iam.authorize(api, stage, path, request, authenticate);
    }
    if (authorization?.type !== 'JWT') return undefined;
    const authorizer = authorizers[authorization.authorizerId];
    if (authorizer) return this.#jwt.authorize(authorizer, authorization.scopes, request);
    return {
      kind: 'refused',
      response: gatewayResponse(500, 'Internal Server Error'),
      logFields: { 'authorizer.error': 'the route’s authorizer is gone' },
    };
  }
}
