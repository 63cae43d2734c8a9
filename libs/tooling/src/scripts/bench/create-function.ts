import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import type { Clients } from './emulator.ts';

/** How a waiter of the SDK asks: seconds. */
export const WAIT = { maxWaitTime: 60, minDelay: 0.1, maxDelay: 0.3 } as const;

/**
 * Makes a function with a role of its name, and waits until it can be called.
 * @param source its `index.js`
 * @param allowed actions that its role may do on anything
 */
export async function createFunction(
  { iam, lambda }: Clients,
  FunctionName: string,
  source: string,
  allowed: readonly string[] = [],
  Variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: FunctionName, AssumeRolePolicyDocument }));
  if (allowed.length > 0) {
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: allowed, Resource: '*' }],
    });
    await iam.send(new PutRolePolicyCommand({ RoleName: FunctionName, PolicyName: 'allowed', PolicyDocument }));
  }
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: Role?.Arn,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.js': strToU8(source) }) },
      Timeout: 30,
      Environment: { Variables },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, ...WAIT }, { FunctionName });
}
