import { isRecord, memberOf } from '../plan-json.ts';
import { isSet, type Planned, valueAt } from './planned.ts';
import { each, error, type Finding, type Rule } from './rule.ts';

/** Whatever gives up on a message puts it somewhere a person can look. */
export const deadLetters: Rule = {
  name: 'dead-letters',
  reason:
    'A message that can be delivered nowhere is kept: every queue, rule target, pipe and schedule has a dead-letter queue.',
  check: (resources) => [
    ...each(['aws_sqs_queue'], (queue) => {
      if (isDeadLetterQueue(queue) || isSet(queue, 'redrive_policy')) return [];
      return [error(queue, 'has no redrive_policy, nor is it a dead-letter queue (redrive_allow_policy)')];
    })(resources),
    ...each(['aws_cloudwatch_event_target'], (target) => without(target, ['dead_letter_config', 0, 'arn']))(resources),
    ...each(['aws_scheduler_schedule'], (schedule) => without(schedule, ['target', 0, 'dead_letter_config', 0, 'arn']))(
      resources,
    ),
    ...each(['aws_pipes_pipe'], pipeWithout)(resources),
  ],
};

/** Without it one bad message sends its whole batch back. */
export const batchFailures: Rule = {
  name: 'batch-failures',
  reason:
    'A function that takes a batch answers for each message: function_response_types has ReportBatchItemFailures.',
  check: each(['aws_lambda_event_source_mapping'], (mapping) => {
    const types = valueAt(mapping, 'function_response_types');
    const reports = types.known && Array.isArray(types.value) && types.value.includes('ReportBatchItemFailures');
    return reports ? [] : [error(mapping, 'has no ReportBatchItemFailures')];
  }),
};

function isDeadLetterQueue(queue: Planned): boolean {
  const allow = valueAt(queue, 'redrive_allow_policy');
  return allow.known
    ? allow.value !== null && allow.value !== ''
    : (queue.configured?.has('redrive_allow_policy') ?? false);
}

function without(resource: Planned, path: readonly (string | number)[]): readonly Finding[] {
  return isSet(resource, ...path) ? [] : [error(resource, `has no ${path.filter((key) => key !== 0).join('.')}`)];
}

/** Streams' sources take a dead-letter queue of the pipe; a queue's messages go to the queue's own. */
function pipeWithout(pipe: Planned): readonly Finding[] {
  const parameters = memberOf(pipe.values['source_parameters'], 0);
  const source = ['dynamodb_stream_parameters', 'kinesis_stream_parameters'].find((name) =>
    isRecord(memberOf(memberOf(parameters, name), 0)),
  );
  if (source === undefined) return [];
  return without(pipe, ['source_parameters', 0, source, 0, 'dead_letter_config', 0, 'arn']);
}
