import type { PutPermissionRequest } from '@aws-sdk/client-eventbridge';
import type { Engine, Service } from '@outbox/local-cloud-kernel';
import { isJsonObject, type Json, type JsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { constraint, resourceNotFound, validation } from './errors';
import type { EventStore, StoredBus } from './event-store';
import { busAddress } from './names';

/** PutPermission and RemovePermission: the resource policy of a bus, whole or statement by statement. */
export function permissionOperations(
  store: EventStore,
  engine: Pick<Engine, 'clock'>,
): Service<'events'>['operations'] {
  const save = (bus: StoredBus, policy: string | undefined): void => {
    store.buses.set(bus.arn, { ...bus, policy, modifiedAt: engine.clock.now() });
  };

  return {
    PutPermission: {
      requires: (input, context) => [
        { action: 'events:PutPermission', resource: busAddress(input.EventBusName, context).arn },
      ],
      handle: (input, context) => {
        const bus = store.bus(busAddress(input.EventBusName, context));
        if (input.Policy !== undefined) {
          readPolicy(input.Policy);
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
        { action: 'events:RemovePermission', resource: busAddress(input.EventBusName, context).arn },
      ],
      handle: (input, context) => {
        const bus = store.bus(busAddress(input.EventBusName, context));
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

function statementOf(input: PutPermissionRequest, busArn: string): JsonObject {
  const { Action, Principal, StatementId, Condition } = input;
  if (!Action || !Principal || !StatementId) {
    throw validation('Parameters Action, Principal and StatementId are required when Policy is not specified.');
  }
  if (Action !== 'events:PutEvents') throw validation("Provided value in parameter 'action' is not supported.");
  if (!/^(\d{12}|\*)$/.test(Principal)) {
    throw constraint(Principal, 'principal', 'Member must satisfy regular expression pattern: (\\d{12}|\\*)');
  }
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
    Action,
    Resource: busArn,
    ...(Condition?.Type && Condition.Key
      ? { Condition: { [Condition.Type]: { [Condition.Key]: Condition.Value ?? '' } } }
      : {}),
  };
}
