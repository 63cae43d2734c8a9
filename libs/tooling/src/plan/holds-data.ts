import { type ResourceChange } from './plan-json.ts';

/** What is lost with a resource that is destroyed or replaced, by type; other types can be made anew from their code. */
const lost: Readonly<Record<string, string>> = {
  aws_apigatewayv2_api: 'the address that clients know',
  aws_cloudwatch_event_archive: 'every event that could be replayed',
  aws_cloudwatch_event_bus: 'the events that come in the meantime',
  aws_cloudwatch_log_group: 'what was logged',
  aws_dynamodb_table: 'every row',
  aws_kms_key: 'whatever is encrypted with it',
  aws_pipes_pipe: 'its place in the stream',
  aws_sns_topic: 'the subscriptions that people confirmed',
  aws_sqs_queue: 'the messages in it',
};

/** What a destroyed resource of this type takes with it; undefined when nothing that its code can't bring back. */
export function lossOf(type: string): string | undefined {
  return lost[type];
}

/** Whether a change destroys the resource, for good or to make it anew. */
export function destroys({ change }: ResourceChange): boolean {
  return change.actions.includes('delete');
}
