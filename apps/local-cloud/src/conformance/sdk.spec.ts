import { CreatePolicyCommand } from '@aws-sdk/client-iam';
import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { services } from '../testing/services';
import { clientsOf, newAccount, type Clients } from './cloud';
import { createFunction, createRole, createTable } from './fixtures';
import { missingResources } from './missing-resources';
import { computePages } from './pages/compute';
import { configurationPages } from './pages/configuration';
import { dataPages } from './pages/data';
import { encryptionPages } from './pages/encryption';
import { identityPages } from './pages/identity';
import { messagingPages } from './pages/messaging';
import { observabilityPages } from './pages/observability';
import { storagePages } from './pages/storage';
import type { PageCase } from './pages/page-case';
import { sdkOf, send } from './send';

jest.setTimeout(60_000);

describe('what is asked for and is not there', () => {
  const account = newAccount();
  const clients = clientsOf(account);

  it.each(missingResources(account))(
    '$service $operation answers $error',
    async ({ service, operation, input, error }) => {
      await expect(send(clients, service, operation, input)).rejects.toMatchObject({
        name: error,
        $fault: 'client',
        message: expect.stringMatching(/\w/) as unknown,
      });
    },
  );
});

const size = 2;

const pageCases = [
  ...identityPages,
  ...encryptionPages,
  ...configurationPages,
  ...storagePages,
  ...dataPages,
  ...messagingPages,
  ...computePages,
  ...observabilityPages,
];

type Page = Readonly<Record<string, unknown>>;
type Paginate = (
  config: { client: unknown; pageSize: number; stopOnSameToken: boolean },
  input: object,
) => AsyncIterable<Page>;

/** All pages, by the SDK's own paginator where it has one. */
async function pagesOf(clients: Clients, { service, operation, manual }: PageCase, input: object): Promise<Page[]> {
  const pages: Page[] = [];
  if (manual === undefined) {
    const paginate = sdkOf(service)[`paginate${operation}`] as Paginate;
    // GetLogEvents ends with the token it was given, all others with none.
    const config = { client: clients[service], pageSize: size, stopOnSameToken: true };
    for await (const page of paginate(config, input)) pages.push(page);
    return pages;
  }
  const [tokenIn, tokenOut, limit] = manual;
  // API Gateway alone takes its limit as text.
  const atMost = service === 'apigatewayv2' ? String(size) : size;
  let token: unknown;
  do {
    const page = (await send(clients, service, operation, { ...input, [limit]: atMost, [tokenIn]: token })) as Page;
    pages.push(page);
    token = page[tokenOut];
  } while (token !== undefined && pages.length < 20);
  return pages;
}

/** The element's name: the last part of an address or ARN counts, and of a path what follows its slash. */
function nameOf(element: unknown, name: string | undefined): string {
  const value = name?.split('.').reduce<unknown>((from, key) => (from as Page)[key], element) ?? element;
  return String(value).split(/[/:]/).at(-1) ?? '';
}

describe('what comes in pages', () => {
  it.each(pageCases)('$service $operation gives every element once, at most two a page', async (one) => {
    const clients = clientsOf(newAccount());
    const pages = await pagesOf(clients, one, await one.make(clients));
    const found = pages.map((page) =>
      ((page[one.list] ?? []) as unknown[]).map((element) => nameOf(element, one.name)),
    );
    const all = found.flat().sort();
    if (typeof one.expected === 'number') expect([all.length, new Set(all).size]).toEqual([one.expected, one.expected]);
    else expect(all).toEqual([...one.expected].sort());
    expect(Math.max(...found.map(({ length }) => length))).toBeLessThanOrEqual(one.whole ? found.flat().length : size);
  });

  it('is everything the SDK has a paginator for', () => {
    const paginated = services().flatMap(({ name, operations }) =>
      Object.keys(operations)
        .filter((operation) => `paginate${operation}` in sdkOf(name))
        .map((operation) => `${name} ${operation}`),
    );
    const tried = new Set(pageCases.map(({ service, operation }) => `${service} ${operation}`));
    // Its pages hold values of one series, not elements of a list.
    expect(paginated.filter((operation) => !tried.has(operation))).toEqual(['cloudwatch GetMetricData']);
  });
});

describe('what the SDK waits for', () => {
  type Wait = (config: { client: unknown; maxWaitTime: number }, input: object) => Promise<{ state: string }>;
  const clients = clientsOf(newAccount());
  let policyArn: string | undefined;

  beforeAll(async () => {
    await createTable(clients, 'tab');
    await createFunction(clients, 'f');
    await createRole(clients, 'r');
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
    });
    const { Policy } = await clients.iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument }));
    policyArn = Policy?.Arn;
    await clients.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'a',
        Namespace: 'n',
        MetricName: 'm',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
  });

  it.each([
    ['dynamodb', 'TableExists', () => ({ TableName: 'tab' })],
    ['dynamodb', 'TableNotExists', () => ({ TableName: 'nowhere' })],
    ['lambda', 'FunctionExists', () => ({ FunctionName: 'f' })],
    ['lambda', 'FunctionActive', () => ({ FunctionName: 'f' })],
    ['lambda', 'FunctionActiveV2', () => ({ FunctionName: 'f' })],
    ['lambda', 'FunctionUpdated', () => ({ FunctionName: 'f' })],
    ['lambda', 'FunctionUpdatedV2', () => ({ FunctionName: 'f' })],
    ['lambda', 'PublishedVersionActive', () => ({ FunctionName: 'f' })],
    ['iam', 'RoleExists', () => ({ RoleName: 'r' })],
    ['iam', 'PolicyExists', () => ({ PolicyArn: policyArn })],
    ['cloudwatch', 'AlarmExists', () => ({ AlarmNames: ['a'] })],
  ] as const)('%s %s comes to pass', async (service, waiter, input) => {
    const wait = sdkOf(service)[`waitUntil${waiter}`] as Wait;
    expect(await wait({ client: clients[service], maxWaitTime: 30 }, input())).toMatchObject({ state: 'SUCCESS' });
  });
});
