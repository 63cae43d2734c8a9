import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { eventually } from '@outbox/testing';
import { strToU8, zipSync } from 'fflate';
import { aws } from './stack';

/** Puts the version back that was live before. */
export type TakeBack = () => Promise<void>;

/** Runs `body`, then takes the change back, even if it fails: the specs after it use the same stack. */
export async function untilTakenBack<T>(takeBack: TakeBack, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } finally {
    await takeBack();
  }
}

/** Code of a handler that throws at everything. */
const THROWS = "throw new Error('broken on purpose');";

/** Puts a version live that throws at everything. */
export function breakFunction(FunctionName: string): Promise<TakeBack> {
  return replaceCode(FunctionName, THROWS);
}

/** Puts a version live whose handler does only this, in JavaScript; `event` is what it is called with. */
export async function replaceCode(FunctionName: string, handler: string): Promise<TakeBack> {
  const code = strToU8(`exports.handler = async (event) => { ${handler} };`);
  await aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipSync({ 'index.js': code }) }));
  return putLive(FunctionName);
}

/** Puts a version live with another value of an environment variable; what is not published stays as it was. */
export async function changeVariable(FunctionName: string, name: string, value: string): Promise<TakeBack> {
  const { Environment: { Variables = {} } = {} } = await aws.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  const configure = (variables: Record<string, string>): Promise<unknown> =>
    aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: variables } }));
  await configure({ ...Variables, [name]: value });
  const takeBack = await putLive(FunctionName);
  await configure(Variables);
  return takeBack;
}

/** Publishes what was last changed, and puts it live. */
async function putLive(FunctionName: string): Promise<TakeBack> {
  const alias = { FunctionName, Name: 'live' };
  const { FunctionVersion: before } = await aws.lambda.send(new GetAliasCommand(alias));
  await eventually(
    async () => {
      const { LastUpdateStatus } = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      expect(LastUpdateStatus).toBe('Successful');
    },
    { timeoutMs: 60_000, intervalMs: 250 },
  );
  const { Version } = await aws.lambda.send(new PublishVersionCommand({ FunctionName }));
  const point = (FunctionVersion: string | undefined): Promise<unknown> =>
    aws.lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion }));
  await point(Version);
  return async () => void (await point(before));
}
