import type { Engine, Requirement, Service } from '@outbox/local-cloud-kernel';
import { invalidParameter, invalidValue, missingParameter, resourceNotFound, unsupportedMove } from './errors';
import { isActive, type MessageMover, type MoveTask } from './message-mover';
import { onQueue } from './permissions';
import { addressFromArn, type QueueAddress } from './queue-address';
import type { QueueStore } from './queue-store';
import { MAX_LISTED, MAX_PER_SECOND } from './limits';

/** StartMessageMoveTask, ListMessageMoveTasks, CancelMessageMoveTask: dead letters go back to their queues. */
export function moveOperations(
  store: QueueStore,
  mover: MessageMover,
  engine: Pick<Engine, 'clock' | 'ids'>,
): Service<'sqs'>['operations'] {
  const source = (arn: string | undefined): QueueAddress => {
    if (!arn) throw missingParameter('SourceArn');
    return addressFromArn(arn, 'SourceArn');
  };
  /** SQS developer guide, "Configuring a dead-letter queue redrive": starting, listing and cancelling all need these. */
  const onDeadLetterQueue = (action: string, queue: QueueAddress): Requirement[] =>
    [action, 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((one) => onQueue(store, one, queue));
  /** Where messages may go: the destination named, else every queue that has the source as its dead-letter queue. */
  const destinations = (from: QueueAddress, destinationArn: string | undefined): QueueAddress[] =>
    destinationArn === undefined ? store.sourcesOf(from.arn) : [addressFromArn(destinationArn, 'DestinationArn')];

  return {
    StartMessageMoveTask: {
      requires: (input) => {
        const from = source(input.SourceArn);
        return [
          ...onDeadLetterQueue('StartMessageMoveTask', from),
          ...destinations(from, input.DestinationArn).map((to) => onQueue(store, 'SendMessage', to)),
        ];
      },
      handle: (input) => {
        const queue = store.find(source(input.SourceArn).arn);
        if (!queue)
          throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
        if (store.sourcesOf(queue.arn).length === 0) {
          throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
        }
        if (input.DestinationArn === queue.arn) {
          throw invalidValue(input.DestinationArn, 'DestinationArn', 'Must be another queue than SourceArn.');
        }
        if (input.DestinationArn !== undefined && !store.find(input.DestinationArn)) {
          throw resourceNotFound("The resource that you specified for the DestinationArn parameter doesn't exist.");
        }
        const perSecond = input.MaxNumberOfMessagesPerSecond;
        if (perSecond !== undefined && (perSecond < 1 || perSecond > MAX_PER_SECOND)) {
          throw invalidValue(
            perSecond,
            'MaxNumberOfMessagesPerSecond',
            `Must be between 1 and ${MAX_PER_SECOND}, if provided.`,
          );
        }
        if (mover.list(queue.arn).some(isActive)) {
          throw invalidParameter(
            'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
          );
        }
        const task: MoveTask = {
          id: engine.ids.uuid(),
          sourceArn: queue.arn,
          destinationArn: input.DestinationArn,
          perSecond,
          startedAt: engine.clock.now(),
          toMove: store.messages(queue).counts().visible,
          moved: 0,
          status: 'RUNNING',
        };
        mover.begin(task);
        return { TaskHandle: handleOf(task) };
      },
    },
    ListMessageMoveTasks: {
      requires: (input) => onDeadLetterQueue('ListMessageMoveTasks', source(input.SourceArn)),
      handle: (input) => {
        const queue = store.find(source(input.SourceArn).arn);
        if (!queue)
          throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
        const most = input.MaxResults ?? 1;
        if (most < 1 || most > MAX_LISTED)
          throw invalidValue(most, 'MaxResults', `Value for parameter MaxResults must be between 1 and ${MAX_LISTED}.`);
        return {
          Results: mover
            .list(queue.arn)
            .slice(0, most)
            .map((task) => ({
              TaskHandle: task.status === 'RUNNING' ? handleOf(task) : undefined,
              Status: task.status,
              SourceArn: task.sourceArn,
              DestinationArn: task.destinationArn,
              MaxNumberOfMessagesPerSecond: task.perSecond,
              ApproximateNumberOfMessagesMoved: task.moved,
              ApproximateNumberOfMessagesToMove: task.toMove,
              FailureReason: task.failureReason,
              StartedTimestamp: task.startedAt,
            })),
        };
      },
    },
    CancelMessageMoveTask: {
      requires: (input) =>
        onDeadLetterQueue(
          'CancelMessageMoveTask',
          addressFromArn(readHandle(input.TaskHandle).sourceArn, 'TaskHandle'),
        ),
      handle: (input) => {
        const { taskId, sourceArn } = readHandle(input.TaskHandle);
        if (!store.find(sourceArn)) {
          throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
        }
        const task = mover.get(taskId);
        if (!task || task.sourceArn !== sourceArn) throw resourceNotFound('Task does not exist.');
        if (task.status !== 'RUNNING') throw unsupportedMove('Only active tasks can be cancelled.');
        mover.cancel(task);
        return { ApproximateNumberOfMessagesMoved: task.moved };
      },
    },
  };
}

function handleOf(task: MoveTask): string {
  return Buffer.from(`${task.id} ${task.sourceArn}`).toString('base64');
}

function readHandle(handle: string | undefined): { taskId: string; sourceArn: string } {
  if (!handle) throw missingParameter('TaskHandle');
  const [taskId, sourceArn] = Buffer.from(handle, 'base64').toString('utf8').split(' ');
  if (!taskId || !sourceArn) throw invalidParameter('Value for parameter TaskHandle is invalid.');
  return { taskId, sourceArn };
}
