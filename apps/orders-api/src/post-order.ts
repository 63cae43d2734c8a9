import { entityTags, isoTime, principalOf, type HttpAnswer, type HttpRequest } from '@outbox/function-kit';
import { orderCreated, parsePlaceOrder, placeOrder } from '@outbox/orders-domain';
import { commit, EventInTheWay, originOf } from './commit';
import { identify, type RequestIdentity } from './idempotency';
import { orderAnswer, replayedAnswer } from './order-answer';
import type { Ports } from './ports';
import { problems } from './problems';
import { readBody } from './read-body';

/** `POST /orders`: 201 with the order; the same again for the same key and body, never a second order. */
export async function postOrder(ports: Ports, request: HttpRequest): Promise<HttpAnswer> {
  const body = readBody(request, parsePlaceOrder);
  if ('problem' in body) return body;
  const identity = identify(ports, request, 'POST /orders', body.value);
  if ('problem' in identity) return identity;
  // There is no order yet that could match; If-None-Match is true for the same reason.
  if (entityTags(request, 'If-Match')) return { problem: problems.preconditionFailed('If-Match', undefined) };
  const placed = placeOrder(body.value, identity.id, isoTime(ports.clock.now()));
  if (placed.kind === 'invalid') return { problem: problems.invalid(placed.violations) };

  const record = {
    order: placed.order,
    owner: principalOf(request).name,
    createdBy: identity.mark,
    recentRequests: [],
    spentKeys: [],
  };
  const outcome = await commit(ports, request, record, orderCreated(placed.order, originOf(ports, request)));
  switch (outcome.kind) {
    case 'committed':
      ports.metrics.count('OrdersPlaced');
      return orderAnswer(201, placed.order);
    case 'conflict':
      return answerOfFirst(ports, identity);
    case 'too-large':
      return { problem: problems.tooLarge(outcome.bytes, outcome.limit) };
    case 'busy':
      return { problem: problems.busy() };
  }
}

/** The order exists: this request was carried out before, or its key was used for another one. */
async function answerOfFirst({ store }: Ports, { id, mark }: RequestIdentity): Promise<HttpAnswer> {
  const record = await store.read(id);
  if (record === undefined) throw new EventInTheWay(id, 1);
  const { createdBy } = record;
  if (createdBy.keyHash !== mark.keyHash || createdBy.bodyHash !== mark.bodyHash)
    return { problem: problems.keyReused() };
  return replayedAnswer(store, 201, record, 1);
}
