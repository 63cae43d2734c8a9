import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, waitUntilFunctionActiveV2, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import type { Clients } from './cloud';

/** A zip that holds one CommonJS handler, which answers its event. */
export function echoZip(source = 'exports.handler = async (event) => event;'): Uint8Array {
  return zipSync({ 'index.js': strToU8(source) });
}

/** A role that `service` may take. Answers its ARN. */
export async function createRole({ iam }: Clients, name: string, service = 'lambda.amazonaws.com'): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  return Role?.Arn ?? '';
}

/** A function that answers its event, with a role of its own. */
export async function createFunction(clients: Clients, name: string): Promise<string> {
  const Role = await createRole(clients, `${name}-role`);
  const { FunctionArn = '' } = await clients.lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: echoZip() },
    }),
  );
  await settled(clients, name);
  return FunctionArn;
}

/** Until a function takes the next change, by the SDK's own waiters. */
export async function settled({ lambda }: Clients, FunctionName: string): Promise<void> {
  const waiter = { client: lambda, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.3 };
  await waitUntilFunctionActiveV2(waiter, { FunctionName });
  await waitUntilFunctionUpdatedV2(waiter, { FunctionName });
}

/** A queue; answers its URL and ARN. */
export async function createQueue({ sqs }: Clients, name: string, attributes: Record<string, string> = {}) {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return { url: QueueUrl, arn: Attributes?.['QueueArn'] ?? '' };
}

/** `count` names in order, as lists of AWS give them. */
export function names(count: number, prefix = 'one'): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
}

/** A table with a partition and a sort key, and items under one partition key. */
export async function createTable(
  { dynamodb }: Clients,
  TableName: string,
  items: readonly string[] = [],
): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  for (const sk of items) {
    await dynamodb.send(new PutItemCommand({ TableName, Item: { pk: { S: 'a' }, sk: { S: sk } } }));
  }
}
