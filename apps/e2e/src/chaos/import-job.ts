import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { GetItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { functionZip } from '../probes/function-zip';
import type { Stack } from '../support/stack';
import type { AwsClients } from './clients';
import type { OrderChange } from './order-status';

/** An order as its item holds it. */
export type ImportedOrder = Readonly<Record<string, unknown>> & { readonly version: number; readonly status: string };

/** The event of apps/orders-import. */
export interface ImportRequest {
  readonly orderId: string;
  readonly correlationId: string;
  /** The order as the writer knows it; absent: it is new. */
  readonly before?: ImportedOrder;
  /** Of a new order. */
  readonly place?: Readonly<Record<string, unknown>>;
  readonly changes: readonly OrderChange[];
}

/** What it returns, as far as it concerns its caller. */
export type ImportReply =
  | { readonly kind: 'committed'; readonly sequence: number; readonly order: ImportedOrder }
  | { readonly kind: 'conflict'; readonly lastSequence: number }
  | { readonly kind: 'refused' | 'busy' };

const READY_SECONDS = 120;

/**
 * The job of apps/orders-import, deployed beside the stack: a second writer of orders, with the permissions and the
 * settings of orders-api. It is bundled from its source, as the stack itself has no use for it.
 */
export class ImportJob {
  private constructor(
    private readonly clients: AwsClients,
    private readonly stack: Stack,
    private readonly functionName: string,
  ) {}

  /** @param source the folder of the function's source */
  static async deploy(clients: AwsClients, stack: Stack, source: string, functionName: string): Promise<ImportJob> {
    const { lambda } = clients;
    const writer = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: stack.orders_api_function_name }),
    );
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: functionName,
        Role: writer.Role,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Timeout: 15,
        MemorySize: 256,
        Environment: { Variables: writer.Environment?.Variables },
        Code: { ZipFile: await functionZip(source, 'handler') },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: READY_SECONDS }, { FunctionName: functionName });
    return new ImportJob(clients, stack, functionName);
  }

  async remove(): Promise<void> {
    await this.clients.lambda.send(new DeleteFunctionCommand({ FunctionName: this.functionName }));
  }

  /** One try; undefined: it ended without an answer, which tells nothing. */
  async run(request: ImportRequest): Promise<ImportReply | undefined> {
    const invoke = new InvokeCommand({ FunctionName: this.functionName, Payload: JSON.stringify(request) });
    try {
      const { FunctionError, Payload } = await this.clients.lambda.send(invoke);
      if (FunctionError !== undefined || Payload === undefined) return undefined;
      return JSON.parse(Payload.transformToString()) as ImportReply;
    } catch {
      return undefined;
    }
  }

  /** The order as it is now; undefined: there is none. */
  async read(orderId: string): Promise<ImportedOrder | undefined> {
    const { Item } = await this.clients.dynamodb.send(
      new GetItemCommand({
        TableName: this.stack.orders_table_name,
        Key: { orderId: { S: orderId } },
        ConsistentRead: true,
      }),
    );
    return Item && (plain({ M: Item }) as ImportedOrder);
  }
}

function plain({ S, N, M, L, BOOL }: AttributeValue): unknown {
  if (S !== undefined) return S;
  if (N !== undefined) return Number(N);
  if (L !== undefined) return L.map(plain);
  if (M !== undefined) return Object.fromEntries(Object.entries(M).map(([name, value]) => [name, plain(value)]));
  return BOOL;
}
