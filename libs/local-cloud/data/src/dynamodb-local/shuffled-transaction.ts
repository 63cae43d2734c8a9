import { createHash } from 'node:crypto';
import { AwsError } from '@outbox/local-cloud-kernel';
import type { Json } from '../proxy/json';

/**
 * Runs a transaction with its parts in another order. A stream orders the changes of one item, not those of one
 * transaction (DynamoDB developer guide, "Change data capture for DynamoDB Streams"); DynamoDB Local always writes them as
 * they were sent, so that code could come to rely on it. The order follows from the request: the same one, repeated under
 * its ClientRequestToken, is the same to DynamoDB Local. Cancellation reasons come back in the caller's order.
 */
export async function sendShuffled(body: Json, send: (body: Json) => Promise<Json>): Promise<Json> {
  const parts: unknown = body['TransactItems'];
  if (!Array.isArray(parts) || parts.length < 2) return send(body);
  const order = orderFor(body, parts.length);
  try {
    return await send({ ...body, TransactItems: order.map((index): unknown => parts[index]) });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const reasons: unknown = error.members['CancellationReasons'];
    if (Array.isArray(reasons)) throw inCallersOrder(error, reasons, order);
    // What is wrong with a request is told by the places of its parts.
    return error.code === 'ValidationException' ? send(body) : Promise.reject(error);
  }
}

/** For each place in the order to send, the index of the caller's part. */
function orderFor(body: Json, length: number): number[] {
  const random = createHash('sha256').update(JSON.stringify(body)).digest();
  const order = Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last -= 1) {
    const chosen = random.readUInt8(last % random.length) % (last + 1);
    const [a = 0, b = 0] = [order[last], order[chosen]];
    order[last] = b;
    order[chosen] = a;
  }
  return order;
}

function inCallersOrder(error: AwsError, reasons: readonly unknown[], order: readonly number[]): AwsError {
  const places = order.map((_, part) => order.indexOf(part));
  const reordered = places.map((place) => reasons[place]);
  const codes = /\[([^\]]*)\]/.exec(error.message)?.[1]?.split(', ') ?? [];
  const message = error.message.replace(/\[[^\]]*\]/, `[${places.map((place) => codes[place] ?? 'None').join(', ')}]`);
  return new AwsError(error.code, message, {
    status: error.status,
    members: { ...error.members, CancellationReasons: reordered },
    cause: error,
  });
}
