import { afterRunning, AwsError, formatArn, type Caller, type Engine } from '@outbox/local-cloud-kernel';
import type { RoleSessions } from '../../role-sessions';
import type { ApiRecord, IntegrationRecord, StageRecord } from '../model';
import { integrationFunction } from '../operations/integrations';
import type { RouteMatch } from './match-route';
import { gatewayResponse, toResponse, type ApiResponse } from './to-response';

/** What an integration answered, and what the access log says of it. */
export interface IntegrationOutcome {
  readonly response: ApiResponse;
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly requestId: string | undefined;
  /** How long the integration took, in milliseconds. */
  readonly latencyMs?: number;
}

/** Runs the route's function and maps whatever comes to a response, as HTTP APIs do. */
export class Integrations {
  constructor(
    private readonly engine: Engine,
    private readonly roles: RoleSessions,
  ) {}

  async run(
    api: ApiRecord,
    stage: StageRecord,
    match: RouteMatch,
    integration: IntegrationRecord,
    method: string,
    payload: Uint8Array,
  ): Promise<IntegrationOutcome> {
    let cancel = (): void => undefined;
    const timeout = new Promise<'timeout'>((resolve) => {
      cancel = afterRunning(this.engine.clock, integration.timeoutMs, () => resolve('timeout'));
    });
    try {
      const functionArn = integrationFunction(integration.uri) ?? '';
      const invocation = this.engine.calls.call(
        'lambda',
        'Invoke',
        { FunctionName: functionArn, Payload: payload },
        { caller: this.#caller(api, stage, match, integration, method), region: api.region },
      );
      const answer = await Promise.race([invocation, timeout]);
      if (answer === 'timeout') {
        invocation.catch(() => undefined);
        return outcome(gatewayResponse(503, 'Service Unavailable'), undefined, 'Integration timed out');
      }
      const bytes = answer.Payload ?? new Uint8Array();
      if (answer.FunctionError !== undefined) {
        const text = `The Lambda function returned an error: ${Buffer.from(bytes).toString('utf8').slice(0, 1024)}`;
        return outcome(gatewayResponse(500, 'Internal Server Error'), 200, text);
      }
      const response = toResponse(bytes);
      if (response) return outcome(response, 200, undefined);
      return outcome(
        gatewayResponse(500, 'Internal Server Error'),
        200,
        'The response from the Lambda function does not match the format that API Gateway expects.',
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return refused(error);
    } finally {
      cancel();
    }
  }

  /** The integration's role when it names one, else API Gateway itself for the route: the function's policy decides. */
  #caller(
    api: ApiRecord,
    stage: StageRecord,
    match: RouteMatch,
    integration: IntegrationRecord,
    method: string,
  ): Caller {
    if (integration.credentialsArn) {
      return this.roles.caller(
        integration.credentialsArn,
        'apigateway.amazonaws.com',
        `${api.apiId}-${integration.integrationId}`,
      );
    }
    const [routeMethod, path = ''] = match.route.routeKey.split(' ');
    const route =
      routeMethod === '$default' ? '$default' : `${routeMethod === 'ANY' ? method : (routeMethod ?? '')}${path}`;
    const sourceArn = formatArn('execute-api', api.region, api.accountId, `${api.apiId}/${stage.name}/${route}`);
    return this.engine.identity.servicePrincipal('apigateway.amazonaws.com', api.accountId, sourceArn);
  }
}

function refused(error: AwsError): IntegrationOutcome {
  if (error.code === 'TooManyRequestsException') {
    return outcome(gatewayResponse(503, 'Service Unavailable'), error.status, error.message);
  }
  if (error.code === 'RequestTooLargeException') {
    return outcome(gatewayResponse(413, 'Request Entity Too Large'), error.status, error.message);
  }
  const text = error.code.startsWith('AccessDenied')
    ? `The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again. ${error.message}`
    : error.message;
  return outcome(gatewayResponse(500, 'Internal Server Error'), error.status, text);
}

function outcome(response: ApiResponse, status: number | undefined, error: string | undefined): IntegrationOutcome {
  return { response, status, error, requestId: undefined };
}
