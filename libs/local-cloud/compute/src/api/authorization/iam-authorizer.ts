import { AwsError, formatArn, type Authenticate, type Engine } from '@outbox/local-cloud-kernel';
import type { ApiRequest } from '../invocation/request-event';
import { gatewayResponse } from '../invocation/to-response';
import type { ApiRecord, StageRecord } from '../model';
import type { AuthorizationOutcome } from './outcome';

/**
 * Lets in who signed the request and may `execute-api:Invoke` this method on this path; everybody else gets 403.
 * HTTP APIs have no resource policies, so a caller of another account has nothing that could let it in.
 * Source: API Gateway developer guide, http-api-access-control-iam; IAM, "Actions, resources, and condition keys for
 * Amazon API Gateway".
 */
export class IamAuthorizer {
  constructor(private readonly engine: Pick<Engine, 'identity'>) {}

  authorize(
    api: ApiRecord,
    stage: StageRecord,
    path: string,
    request: ApiRequest,
    authenticate: Authenticate,
  ): AuthorizationOutcome {
    try {
      const { caller, accessKeyId } = authenticate(signedRequest(request), 'execute-api');
      const resource = formatArn(
        'execute-api',
        api.region,
        api.accountId,
        `${api.apiId}/${stage.name}/${request.method}${path}`,
      );
      const requirement = { action: 'execute-api:Invoke', resource };
      this.engine.identity.authorize(caller, [requirement], 'execute-api', 'Invoke');
      return {
        kind: 'allowed',
        authorizer: {
          iam: {
            accessKey: accessKeyId,
            accountId: caller.accountId,
            callerId: caller.userId,
            cognitoIdentity: null,
            principalOrgId: null,
            userArn: caller.arn,
            userId: caller.userId,
          },
        },
        logFields: {
          'identity.accountId': caller.accountId,
          'identity.caller': caller.userId,
          'identity.user': caller.userId,
          'identity.userArn': caller.arn,
        },
      };
    } catch (error) {
      if (!(error instanceof AwsError) || error.fault === 'server') throw error;
      const logFields = { 'authorizer.error': error.message };
      return { kind: 'refused', response: gatewayResponse(403, 'Forbidden'), logFields };
    }
  }
}

/** The request as the client signed it: its own URL, which is not the API's path where the endpoint has a prefix. */
function signedRequest(request: ApiRequest) {
  const [path = '', ...query] = request.url.split('?');
  return { method: request.method, path, queryString: query.join('?'), headers: request.headers, body: request.body };
}
