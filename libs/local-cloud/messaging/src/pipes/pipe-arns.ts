import type { CreatePipeRequest } from '@aws-sdk/client-pipes';
import { constraintsOf } from '@outbox/local-cloud-kernel';
import { invalid } from './errors';
import { MAX_ARN } from './limits';

type Party = 'Source' | 'Enrichment' | 'Target' | 'RoleArn';

/** What ends every ARN of a resource: service, region, account and the rest. */
const ARN =
  'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-]+):([a-z]{2,4}((-gov)|(-de)|(-iso([a-z]?)))?-[a-z]+(-\\d{1})?)?:(\\d{12})?:(.+)';
const HOST =
  'smk://(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9])\\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9\\-]*[A-Za-z0-9]):[0-9]{1,5}';

/** Source: EventBridge Pipes API reference, CreatePipe. */
const PATTERNS: Readonly<Record<Party, string>> = {
  Source: `${HOST}|${ARN}`,
  Enrichment: `$|${ARN}`,
  Target: ARN,
  RoleArn: 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z0-9+=,.@\\-_/]+',
};

/**
 * Refuses what is no ARN at all, whatever a pipe may have for a source or target.
 * @throws AwsError ValidationException in the words of AWS's request validator
 */
export function checkArns(input: Pick<CreatePipeRequest, Party>): void {
  for (const [field, pattern] of Object.entries(PATTERNS) as [Party, string][]) {
    const value = input[field];
    if (value === undefined && field === 'Enrichment') continue;
    const { checkText } = constraintsOf((message) => invalid(field, message));
    const member = field.charAt(0).toLowerCase() + field.slice(1);
    checkText(value ?? '', member, { least: 0, most: MAX_ARN, pattern });
  }
}
