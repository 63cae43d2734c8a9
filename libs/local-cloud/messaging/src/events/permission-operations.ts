import type { Condition, PutPermissionRequest } from '@aws-sdk/client-eventbridge';
import type { Engine, RequestContext, Service } from '@outbox/local-cloud-kernel';
import { isJsonObject, type Json, type JsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { checkText } from '../shared/constraints';
import { policyTooLong, resourceNotFound, validation } from './errors';
import type { EventStore, StoredBus } from './event-store';
import { namedBus, type BusAddress } from './names';
import { MAX_POLICY } from './limits';

const ORGANIZATION = 'aws:PrincipalOrgID';

/** PutPermission and RemovePermission: the resource policy of a bus, whole or statement by statement. */
export function permissionOperations(
  store: EventStore,
  engine: Pick<Engine, 'clock' | 'identity'>,
): Service<'events'>['operations'] {
  const addressOf = (name: string | undefined, context: RequestContext): BusAddress =>
    namedBus(name, context, 'eventBusName');
  const save = (bus: StoredBus, policy: string | undefined): void => {
    if (policy !== undefined && policy.length > MAX_POLICY) throw policyTooLong();
    store.buses.set(bus.arn, { ...bus, policy, modifiedAt: engine.clock.now() });
  };

  return {
    PutPermission: {
      requires: (input, context) => [
        { action: 'events:PutPermission', resource: addressOf(input.EventBusName, context).arn },
      ],
      handle: (input, context) => {
        const bus = store.bus(addressOf(input.EventBusName, context));
        if (input.Policy !== undefined) {
          readPolicy(input.Policy);
          const problem = engine.identity.resourcePolicyProblem(input.Policy);
          if (problem !== undefined) throw validation(problem);
          save(bus, input.Policy);
          return {};
        }
        const statement = statementOf(input, bus.arn);
        const kept = statementsOf(bus).filter((other) => other['Sid'] !== statement['Sid']);
        save(bus, JSON.stringify({ Version: '2012-10-17', Statement: [...kept, statement] }));
        return {};
      },
    },
    RemovePermission: {
      requires: (input, context) => [
        { action: 'events:RemovePermission', resource: addressOf(input.EventBusName, context).arn },
      ],
      handle: (input, context) => {
        const bus = store.bus(addressOf(input.EventBusName, context));
        if (bus.policy === undefined) throw resourceNotFound('EventBus does not have a policy.');
        if (input.RemoveAllPermissions) {
          save(bus, undefined);
          return {};
        }
        const statements = statementsOf(bus);
        const kept = statements.filter((statement) => statement['Sid'] !== input.StatementId);
        if (kept.length === statements.length) throw resourceNotFound('Statement with the provided id does not exist.');
        save(bus, kept.length === 0 ? undefined : JSON.stringify({ Version: '2012-10-17', Statement: kept }));
        return {};
      },
    },
  };
}

function readPolicy(text: string): JsonObject {
  const policy = parseJson(text);
  if (!isJsonObject(policy) || policy['Statement'] === undefined) throw validation('This policy contains invalid Json');
  return policy;
}

function statementsOf(bus: StoredBus): JsonObject[] {
  const statements: Json = bus.policy === undefined ? [] : (readPolicy(bus.policy)['Statement'] ?? []);
  return (Array.isArray(statements) ? statements : [statements]).filter(isJsonObject);
}

/** The one condition a statement may have (EventBridge API reference, Condition). @throws AwsError ValidationException */
function checkCondition(condition: Condition | undefined): void {
  if (!condition) return;
  if (condition.Type !== 'StringEquals') throw validation("Provided value in parameter 'type' is not supported.");
  if (condition.Key !== ORGANIZATION) throw validation("Provided value in parameter 'key' is not supported.");
}

function statementOf(input: PutPermissionRequest, busArn: string): JsonObject {
  const { Action, Principal, StatementId, Condition } = input;
  if (!Action || !Principal || !StatementId) {
    throw validation('Parameters Action, Principal and StatementId are required when Policy is not specified.');
  }
  if (Action !== 'events:PutEvents') throw validation("Provided value in parameter 'action' is not supported.");
  checkText(Principal, 'principal', { pattern: '(\\d{12}|\\*)' });
  checkText(StatementId, 'statementId', { most: 64, pattern: '[a-zA-Z0-9-_]+' });
  checkCondition(Condition);
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
    Action,
    Resource: busArn,
    ...(Condition ? { Condition: { StringEquals: { [ORGANIZATION]: Condition.Value ?? '' } } } : {}),
  };
}
