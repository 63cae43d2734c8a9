import { type Planned, valueAt } from './planned.ts';
import { each, error, type Rule } from './rule.ts';

/** Log groups, table items and archives are always encrypted by AWS; of what this stack uses, only these can be without. */
export const encryption: Rule = {
  name: 'encryption',
  reason:
    "Messages and notifications are encrypted at rest, and not with the AWS-managed keys alias/aws/sqs and alias/aws/sns: EventBridge and CloudWatch can't use those. Keys of one's own rotate.",
  check: (resources) => [
    ...each(['aws_sqs_queue'], (queue) => {
      const key = valueAt(queue, 'kms_master_key_id');
      if (key.known && isAwsManaged(key.value)) return [error(queue, `is encrypted with ${String(key.value)}`)];
      const managed = valueAt(queue, 'sqs_managed_sse_enabled');
      const encrypted = (managed.known && managed.value === true) || hasOwnKey(queue);
      return encrypted ? [] : [error(queue, 'has neither sqs_managed_sse_enabled nor a key of its own')];
    })(resources),
    ...each(['aws_sns_topic'], (topic) => {
      const key = valueAt(topic, 'kms_master_key_id');
      if (key.known && isAwsManaged(key.value)) return [error(topic, `is encrypted with ${String(key.value)}`)];
      return hasOwnKey(topic) ? [] : [error(topic, 'has no kms_master_key_id')];
    })(resources),
    ...each(['aws_kms_key'], (key) =>
      key.values['enable_key_rotation'] === true ? [] : [error(key, 'is never rotated (enable_key_rotation)')],
    )(resources),
  ],
};

/** Whoever lets Lambda make the group keeps logs for ever, and gets the group back after a destroy. */
export const logRetention: Rule = {
  name: 'log-retention',
  reason: 'Every log ends some day, so its group is made here with retention_in_days.',
  check: (resources) => {
    const groups = resources.filter(({ type }) => type === 'aws_cloudwatch_log_group');
    const names = new Set(groups.map(({ values }) => values['name']));
    return [
      ...each(['aws_cloudwatch_log_group'], (group) => {
        const days = valueAt(group, 'retention_in_days');
        return days.known && Number(days.value) > 0 ? [] : [error(group, 'keeps its events for ever')];
      })(resources),
      ...each(['aws_lambda_function'], (lambda) => {
        const own = `/aws/lambda/${String(lambda.values['function_name'])}`;
        return names.has(own) ? [] : [error(lambda, `logs to ${own}, which is no log group of this stack`)];
      })(resources),
      ...each(['aws_apigatewayv2_stage'], (stage) => {
        const settings = valueAt(stage, 'access_log_settings', 0);
        return !settings.known || settings.value !== null ? [] : [error(stage, 'writes no access log')];
      })(resources),
    ];
  },
};

/** What the provider's default_tags set, whatever else is tagged. */
const wantedTags = ['Application', 'Environment', 'ManagedBy'];

export const tags: Rule = {
  name: 'tags',
  reason: `Whatever costs money tells whose it is: ${wantedTags.join(', ')}.`,
  check: (resources) =>
    resources.flatMap((resource) => {
      if (!('tags_all' in resource.values)) return [];
      const missing = wantedTags.filter((tag) => {
        const value = valueAt(resource, 'tags_all', tag);
        return value.known && (value.value === null || value.value === '');
      });
      return missing.length === 0 ? [] : [error(resource, `lacks the tags ${missing.join(', ')}`)];
    }),
};

function isAwsManaged(key: unknown): boolean {
  return /alias\/aws\/(sqs|sns)$/.test(String(key));
}

/** A key that is unknown yet is one this plan makes; where none is set, the value is known to be null. */
function hasOwnKey(resource: Planned): boolean {
  const key = valueAt(resource, 'kms_master_key_id');
  return !key.known || (key.value !== null && key.value !== '');
}
