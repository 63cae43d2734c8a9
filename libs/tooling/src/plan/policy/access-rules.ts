import { isRecord, memberOf } from '../plan-json.ts';
import { checkStatements, type Statement } from './documents.ts';
import { type Planned, valueAt } from './planned.ts';
import { each, error, type Finding, type Rule, type Variables } from './rule.ts';

/** Actions that AWS authorises for no single resource: there is no ARN to name. */
const withoutResource = new Set([
  'cloudwatch:PutMetricData',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]);

export const leastPrivilege: Rule = {
  name: 'least-privilege',
  reason:
    'A role may do what it needs to what it owns: no wildcard in an action, and none in a resource that has an ARN.',
  check: (resources) => [
    ...each(['aws_iam_role_policy', 'aws_iam_policy'], (policy) =>
      checkStatements(policy, 'policy', (statement) => tooWide(policy, statement)),
    )(resources),
    ...each(['aws_iam_role_policy_attachment'], (attachment) => {
      const arn = String(attachment.values['policy_arn']);
      return /^arn:[\w-]+:iam::aws:policy\//.test(arn)
        ? [error(attachment, `attaches ${arn}: AWS's own are wide`)]
        : [];
    })(resources),
  ],
};

export const tlsOnly: Rule = {
  name: 'tls-only',
  reason: 'A queue takes no request that came in the clear.',
  check: (resources) =>
    each(['aws_sqs_queue'], (queue) => {
      const policy = valueAt(queue, 'policy');
      if (policy.known && (policy.value === null || policy.value === '')) return [error(queue, 'has no policy')];
      const denials: Statement[] = [];
      const undecided = checkStatements(queue, 'policy', (statement) => {
        if (deniesPlainHttp(statement)) denials.push(statement);
        return [];
      });
      if (undecided.length > 0 || denials.length > 0) return undecided;
      return [error(queue, 'has no statement that denies sqs:* without aws:SecureTransport')];
    })(resources),
};

const services = /^Service:[\w.-]+\.amazonaws\.com(\.cn)?$/;
const sourceKeys = ['aws:sourcearn', 'aws:sourceaccount'];

export const knownSource: Rule = {
  name: 'known-source',
  reason:
    "An AWS service acts for this account's resources only: whoever admits one names aws:SourceArn or aws:SourceAccount.",
  check: (resources) => [
    ...documentsThatAdmit(resources).flatMap(([resource, attribute]) =>
      checkStatements(resource, attribute, (statement) => {
        const admits = statement.allows && statement.principals.some((principal) => services.test(principal));
        const named = statement.conditionKeys.some((key) => sourceKeys.includes(key) || isContextOfKey(key));
        if (isLookAtKey(statement)) return [];
        return admits && !named
          ? [error(resource, `${attribute} admits ${statement.principals.join(', ')} for anybody`)]
          : [];
      }),
    ),
    ...each(['aws_lambda_permission'], (permission) => {
      const service = services.test(`Service:${String(permission.values['principal'])}`);
      const sources = ['source_arn', 'source_account'].map((attribute) => valueAt(permission, attribute));
      const named = sources.some((source) => !source.known || (source.value !== null && source.value !== ''));
      return service && !named ? [error(permission, 'has neither source_arn nor source_account')] : [];
    })(resources),
  ],
};

/** What KMS binds to each use of a key: a service names the resource in it. */
function isContextOfKey(conditionKey: string): boolean {
  return conditionKey.startsWith('kms:encryptioncontext:');
}

/** EventBridge looks at a key before it knows for what: AWS documents no condition there. */
function isLookAtKey({ actions }: Statement): boolean {
  return actions.length > 0 && actions.every((action) => action === 'kms:DescribeKey');
}

/**
 * Condition keys that tell who calls, or from which network. Others (TLS, a date, a tag) leave a policy for everybody open.
 * What AWS itself counts as not public: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
const callerKeys: ReadonlySet<string> = new Set([
  ...sourceKeys,
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceip',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  'kms:calleraccount',
]);

export const noPublicWrite: Rule = {
  name: 'no-public-write',
  reason: 'Nobody writes unless they are known.',
  check: (resources, variables) => [
    ...documentsThatAdmit(resources).flatMap(([resource, attribute]) =>
      checkStatements(resource, attribute, (statement) => {
        const narrowed = statement.conditionKeys.some((key) => callerKeys.has(key));
        const open = statement.allows && statement.principals.includes('*') && !narrowed;
        return open ? [error(resource, `${attribute} admits everybody`)] : [];
      }),
    ),
    ...each(['aws_lambda_permission'], (permission) =>
      permission.values['principal'] === '*' ? [error(permission, 'lets everybody invoke the function')] : [],
    )(resources),
    ...each(['aws_lambda_function_url'], (url) =>
      url.values['authorization_type'] === 'NONE' ? [error(url, 'answers everybody')] : [],
    )(resources),
    ...each(['aws_apigatewayv2_route'], (route) => openRoute(route, variables))(resources),
  ],
};

/** An error, unless whoever plans has chosen an open API: then a warning. The default of that variable isn't open. */
function openRoute(route: Planned, variables: Variables): readonly Finding[] {
  const { route_key: key, authorization_type: authorization } = route.values;
  if (authorization !== 'NONE' && authorization !== undefined && authorization !== null) return [];
  if (/^(GET|HEAD|OPTIONS) /.test(String(key))) return [];
  const problem = `whoever knows the address may ${String(key)}`;
  const chosen = memberOf(variables['api_authorization'], 'type') === 'NONE';
  return chosen ? [{ severity: 'warning', address: route.address, problem }] : [error(route, problem)];
}

function tooWide(policy: Planned, statement: Statement): readonly Finding[] {
  if (!statement.allows) return [];
  const actions = statement.actions.filter((action) => action.includes('*'));
  const resources = statement.resources.filter((arn) => arn.includes('*') && !hasNoNarrowerArn(statement, arn));
  return [
    ...(statement.inverted ? [error(policy, 'allows all but what it names (NotAction or NotResource)')] : []),
    ...actions.map((action) => error(policy, `allows the action ${action}`)),
    ...resources.map((arn) => error(policy, `allows ${statement.actions.join(', ')} on ${arn}`)),
  ];
}

/** Names of log streams are made by Lambda: `…:log-group:NAME:*` is the narrowest there is. */
function hasNoNarrowerArn({ actions }: Statement, arn: string): boolean {
  if (arn === '*') return actions.every((action) => withoutResource.has(action));
  return actions.every((action) => action.startsWith('logs:')) && /^arn:[^*]+:log-group:[^*]+:\*$/.test(arn);
}

function deniesPlainHttp({ allows, principals, actions, condition }: Statement): boolean {
  const bool = condition['Bool'];
  const plain =
    isRecord(bool) && String(bool['aws:SecureTransport']) === 'false' && Object.keys(condition).length === 1;
  return !allows && plain && principals.includes('*') && actions.some((action) => action === 'sqs:*' || action === '*');
}

/** Documents that say who may come in, by the attribute that holds them. */
function documentsThatAdmit(resources: readonly Planned[]): readonly (readonly [Planned, string])[] {
  const attributes: Readonly<Record<string, string>> = {
    aws_cloudwatch_event_bus_policy: 'policy',
    aws_iam_role: 'assume_role_policy',
    aws_kms_key: 'policy',
    aws_kms_key_policy: 'policy',
    aws_sns_topic: 'policy',
    aws_sns_topic_policy: 'policy',
    aws_sqs_queue: 'policy',
    aws_sqs_queue_policy: 'policy',
  };
  return resources.flatMap((resource) => {
    const attribute = attributes[resource.type];
    return attribute === undefined ? [] : [[resource, attribute] as const];
  });
}
