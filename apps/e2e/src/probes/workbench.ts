import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvalidParameterValueException,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { PipesClient } from '@aws-sdk/client-pipes';
import { SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { waitFor } from '../chaos/wait';
import { functionZip } from './function-zip';

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** A new role may not be known everywhere for so long (IAM is eventually consistent). */
const ROLE_MS = 60_000;
const FUNCTION_MS = 120_000;

/** Makes what probes need, under names of this run, and remembers how to remove it. */
export class Workbench {
  readonly dynamodb = new DynamoDBClient({});
  readonly events = new EventBridgeClient({});
  readonly iam = new IAMClient({});
  readonly lambda = new LambdaClient({});
  readonly pipes = new PipesClient({});
  readonly sqs = new SQSClient({});
  readonly #undo: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly prefix: string,
    readonly account: string,
    readonly region: string,
    private readonly functions: string,
  ) {}

  /** By the environment, as for any tool. `prefix` starts every name, unique in the account; `functions` holds the sources of functions. */
  static async open(prefix: string, functions: string): Promise<Workbench> {
    const sts = new STSClient({});
    const { Account } = await sts.send(new GetCallerIdentityCommand({}));
    return new Workbench(prefix, Account ?? '', await sts.config.region(), functions);
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.account}:${resource}`;
  }

  onClose(undo: () => Promise<unknown>): void {
    this.#undo.push(undo);
  }

  /** Removes all that was made, last first. Answers what could not be removed, in words. */
  async close(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const undo of this.#undo.splice(0).reverse()) {
      await undo().catch((error: unknown) => left.push(String(error)));
    }
    return left;
  }

  /** Answers the role's ARN; `service` may assume it. */
  async role(name: string, service: string, statements: readonly Statement[]): Promise<string> {
    const RoleName = `${this.prefix}-${name}`;
    const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
    const document = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
    const { Role } = await this.iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }),
    );
    this.onClose(() => this.iam.send(new DeleteRoleCommand({ RoleName })));
    if (statements.length === 0) return Role?.Arn ?? '';
    const inline = { RoleName, PolicyName: 'permissions' };
    const allowed = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
    await this.iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: document(...allowed) }));
    this.onClose(() => this.iam.send(new DeleteRolePolicyCommand(inline)));
    return Role?.Arn ?? '';
  }

  /** The function whose source is `<name>.ts`; answers its ARN once it can be invoked. */
  async function(name: string, role: string): Promise<string> {
    const FunctionName = `${this.prefix}-${name}`;
    const create = new CreateFunctionCommand({
      FunctionName,
      Role: role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 30,
      Code: { ZipFile: await functionZip(this.functions, name) },
    });
    const { FunctionArn = '' } = await this.onceRoleIsKnown(role, () => this.lambda.send(create));
    this.onClose(() => this.lambda.send(new DeleteFunctionCommand({ FunctionName })));
    await waitUntilFunctionActiveV2({ client: this.lambda, maxWaitTime: FUNCTION_MS / 1000 }, { FunctionName });
    return FunctionArn;
  }

  /** Repeats a request that Lambda refuses for as long as a new role, or its policy, isn't known there. */
  async onceRoleIsKnown<T>(role: string, request: () => Promise<T>): Promise<T> {
    const answers: T[] = [];
    const taken = async (): Promise<boolean> => {
      try {
        answers.push(await request());
      } catch (error) {
        if (!(error instanceof InvalidParameterValueException && error.message.includes('role'))) throw error;
      }
      return answers.length > 0;
    };
    await waitFor(`Lambda may assume ${role}, with its policy`, taken, ROLE_MS);
    return answers[0] as T;
  }
}
