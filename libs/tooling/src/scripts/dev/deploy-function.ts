import {
  ListAliasesCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';

/**
 * Gives a function new code, as a version of its own, and moves its aliases there: what Terraform does, without Terraform.
 * Returns the version.
 */
export async function deployFunction(lambda: LambdaClient, FunctionName: string, code: Uint8Array): Promise<string> {
  // Hardly compressed: it is sent to this machine, and compressing takes longer than sending.
  const ZipFile = zipSync({ 'index.js': code }, { level: 1 });
  const [{ Version = '' }, { Aliases = [] }] = await Promise.all([
    lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true })),
    lambda.send(new ListAliasesCommand({ FunctionName })),
  ]);
  await waitUntilFunctionUpdatedV2(
    { client: lambda, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.2 },
    { FunctionName, Qualifier: Version },
  );
  for (const { Name } of Aliases) {
    await lambda.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion: Version }));
  }
  return Version;
}
