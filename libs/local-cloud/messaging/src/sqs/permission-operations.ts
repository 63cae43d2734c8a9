import type { Engine, Service } from '@outbox/local-cloud-kernel';
import { isJsonObject, type JsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { invalidValue, missingParameter, tooManyActions } from './errors';
import { onQueue } from './permissions';
import { addressFromUrl } from './queue-address';
import type { QueueStore, StoredQueue } from './queue-store';
import { MAX_ACTIONS } from './limits';

/** Actions an owner may share with other accounts (SQS API reference, AddPermission). */
const SHARED_ACTIONS: ReadonlySet<string> = new Set([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
]);

/** AddPermission and RemovePermission: statements of a queue's policy by label. */
export function permissionOperations(store: QueueStore, engine: Pick<Engine, 'clock'>): Service<'sqs'>['operations'] {
  const save = (queue: StoredQueue, statements: readonly JsonObject[]): void => {
    const { Policy: _old, ...attributes } = queue.attributes;
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Id: `${queue.arn}/SQSDefaultPolicy`,
      Statement: statements,
    });
    store.save({
      ...queue,
      attributes: statements.length > 0 ? { ...attributes, Policy: policy } : attributes,
      modifiedAt: engine.clock.now(),
    });
  };

  return {
    AddPermission: {
      requires: (input, { region }) => [onQueue(store, 'AddPermission', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        const { Label: label, Actions: actions = [], AWSAccountIds: accounts = [] } = input;
        if (!label) throw missingParameter('Label');
        if (actions.length === 0) throw missingParameter('Actions');
        if (accounts.length === 0) throw missingParameter('AWSAccountIds');
        if (actions.length > MAX_ACTIONS) throw tooManyActions(actions.length, MAX_ACTIONS);
        const refused = actions.find((action) => !SHARED_ACTIONS.has(action));
        if (refused !== undefined) {
          throw invalidValue(`SQS:${refused}`, 'ActionName', 'Only the queue owner is allowed to invoke this action.');
        }
        const stranger = accounts.find((account) => !/^\d{12}$/.test(account));
        if (stranger !== undefined) throw invalidValue(`[${stranger}]`, 'PrincipalId', 'Unable to verify.');
        if (!/^[\w-]{1,80}$/.test(label)) {
          throw invalidValue(
            label,
            'Label',
            'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
          );
        }
        const statements = statementsOf(queue);
        if (statements.some((statement) => statement['Sid'] === label)) {
          throw invalidValue(label, 'Label', 'Already exists.');
        }
        const principals = accounts.map((account) => `arn:aws:iam::${account}:root`);
        save(queue, [
          ...statements,
          {
            Sid: label,
            Effect: 'Allow',
            Principal: { AWS: principals.length === 1 ? (principals[0] ?? '') : principals },
            Action: actions.length === 1 ? `SQS:${actions[0]}` : actions.map((action) => `SQS:${action}`),
            Resource: queue.arn,
          },
        ]);
        return {};
      },
    },
    RemovePermission: {
      requires: (input, { region }) => [onQueue(store, 'RemovePermission', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        const statements = statementsOf(queue);
        const kept = statements.filter((statement) => statement['Sid'] !== input.Label);
        if (kept.length === statements.length) {
          // What SQS says without a policy is recorded on AWS by LocalStack's suite, test_sqs_permission_lifecycle.
          const where = statements.length === 0 ? '' : ' on existing policy';
          throw invalidValue(input.Label, 'Label', `can't find label${where}.`);
        }
        save(queue, kept);
        return {};
      },
    },
  };
}

function statementsOf(queue: StoredQueue): JsonObject[] {
  const policy = parseJson(queue.attributes['Policy'] ?? '{}');
  const statements = isJsonObject(policy) ? (policy['Statement'] ?? []) : [];
  return (Array.isArray(statements) ? statements : [statements]).filter(isJsonObject);
}
