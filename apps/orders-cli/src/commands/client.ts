import { wantsJson } from '@outbox/cli-kit';
import type { Command } from 'commander';
import type { OrdersContext } from '../context';
import { identifyAs } from '../identify';
import { OrdersClient, type ApiAnswer } from '../orders-client';

/** The client of the API that the command line or Terraform names. @throws UsageError */
export async function clientOf(context: OrdersContext, command: Command): Promise<OrdersClient> {
  const api = await context.api(command);
  const { token } = command.optsWithGlobals<{ token?: string }>();
  return new OrdersClient(api.api_endpoint, context.newKey, identifyAs(api, token, context.credentials));
}

/** Prints what the API returned, as JSON or for a person. */
export function show(context: OrdersContext, command: Command, answer: ApiAnswer): void {
  if (wantsJson(command)) return context.print(JSON.stringify(answer));
  context.print(`${answer.status}${answer.etag === undefined ? '' : `  ETag ${answer.etag}`}`);
  context.print(JSON.stringify(answer.body, null, 2));
}
