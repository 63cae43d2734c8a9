import type { ServiceName } from '@outbox/local-cloud-kernel';
import { OPERATION_PERMISSIONS, type OperationPermissions } from './operations';

/** API Gateway's management has HTTP's methods for actions, by what an operation's name begins with. */
const METHODS: Readonly<Record<string, string>> = { Create: 'POST', Get: 'GET', Update: 'PATCH', Delete: 'DELETE' };

/** What the table says of one operation: its own row, else the action of its name. */
export function permissionsOf(service: ServiceName, operation: string): OperationPermissions {
  const { prefix, exceptions } = OPERATION_PERMISSIONS[service];
  const exception = exceptions[operation];
  if (exception) return exception;
  const action = service === 'apigatewayv2' ? METHODS[/^[A-Z][a-z]+/.exec(operation)?.[0] ?? ''] : operation;
  return { actions: [`${prefix}:${action ?? operation}`], note: '' };
}

/** AWS's page of the service's actions and resources. */
export function permissionsSource(service: ServiceName): string {
  return OPERATION_PERMISSIONS[service].source;
}

/** What is asked for beside the operations of AWS's APIs: calls of an HTTP API's routes; a row of the grants. */
const INVOKE_ACTION = 'execute-api:Invoke';

/** Whether the table lists `action` for the operation. */
export function isDocumented(service: string, operation: string, action: string): boolean {
  if (service === 'execute-api') return operation === 'Invoke' && action === INVOKE_ACTION;
  return isService(service) && permissionsOf(service, operation).actions.includes(action);
}

function isService(name: string): name is ServiceName {
  return Object.hasOwn(OPERATION_PERMISSIONS, name);
}
