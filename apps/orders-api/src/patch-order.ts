import {
  entityTags,
  isoTime,
  isWeak,
  matchesStrongly,
  matchesWeakly,
  principalOf,
  type EntityTags,
  type HttpAnswer,
  type HttpRequest,
  type Problem,
} from '@outbox/function-kit';
import {
  changeOrder,
  orderUpdated,
  parseChangeOrder,
  type ChangedOrder,
  type ChangeOrder,
} from '@outbox/orders-domain';
import { isSpent, withChange, type OrderRecord, type RequestMark } from '@outbox/orders-dynamodb';
import { commit, EventInTheWay, originOf } from './commit';
import { etagOf } from './etag';
import { identify } from './idempotency';
import { orderAnswer, replayedAnswer } from './order-answer';
import { isOrderId } from './order-id';
import type { Ports } from './ports';
import { problems } from './problems';
import { readBody } from './read-body';

interface Change {
  readonly value: ChangeOrder;
  readonly mark: RequestMark;
  readonly ifMatch: EntityTags | undefined;
  readonly ifNoneMatch: EntityTags | undefined;
}

/** How many times a change is tried that keeps losing races while its preconditions (`*` or a list) stay true. */
const MAX_TRIES = 5;

/**
 * `PATCH /orders/{orderId}` with If-Match: 200 with the order as the change made it; the same again for the same key
 * and body, whatever If-Match says then.
 */
export async function patchOrder(ports: Ports, request: HttpRequest): Promise<HttpAnswer> {
  const { orderId } = request.parameters;
  if (!isOrderId(orderId)) return { problem: problems.notFound() };
  const body = readBody(request, parseChangeOrder);
  if ('problem' in body) return body;
  const identity = identify(ports, request, `PATCH /orders/${orderId}`, body.value);
  if ('problem' in identity) return identity;
  const change = {
    value: body.value,
    mark: identity.mark,
    ifMatch: entityTags(request, 'If-Match'),
    ifNoneMatch: entityTags(request, 'If-None-Match'),
  };

  const record = await ports.store.read(orderId);
  if (record === undefined || record.owner !== principalOf(request).name) return { problem: problems.notFound() };
  return (await earlierAnswer(ports, record, change)) ?? apply(ports, request, record, change);
}

/** What a request with this key was answered before, if there was one. */
async function earlierAnswer({ store }: Ports, record: OrderRecord, { mark }: Change): Promise<HttpAnswer | undefined> {
  const earlier = record.recentRequests.find((request) => request.keyHash === mark.keyHash);
  if (earlier) {
    return earlier.bodyHash === mark.bodyHash
      ? replayedAnswer(store, 200, record, earlier.version)
      : { problem: problems.keyReused() };
  }
  return isSpent(record, mark.keyHash)
    ? { problem: problems.replayExpired(record.order.orderId, record.order.orderId) }
    : undefined;
}

async function apply(
  ports: Ports,
  request: HttpRequest,
  record: OrderRecord,
  change: Change,
  tries = 1,
): Promise<HttpAnswer> {
  const { order } = record;
  const problem = falsePrecondition(change, order.version);
  if (problem) return { problem };
  const result = changeOrder(order, change.value, isoTime(ports.clock.now()));
  if (result.kind !== 'changed') return { problem: refusal(result) };

  const event = orderUpdated(result.order, result.changed, originOf(ports, request));
  const outcome = await commit(ports, request, withChange(record, result.order, change.mark), event);
  switch (outcome.kind) {
    case 'committed':
      ports.metrics.count('OrdersChanged');
      return orderAnswer(200, result.order);
    case 'conflict':
      return afterLostRace(ports, request, record, change, tries);
    case 'too-large':
      return { problem: problems.tooLarge(outcome.bytes, outcome.limit) };
    case 'busy':
      return { problem: problems.busy() };
  }
}

/** Source: RFC 9110, 13.2.2: If-Match before If-None-Match, and 412 for each where the method changes something. */
function falsePrecondition({ ifMatch, ifNoneMatch }: Change, version: number): Problem | undefined {
  const etag = etagOf(version);
  if (ifMatch === undefined) return problems.ifMatchMissing();
  if (!matchesStrongly(ifMatch, etag)) return problems.ifMatchStale(version, [...ifMatch].some(isWeak));
  return ifNoneMatch && matchesWeakly(ifNoneMatch, etag)
    ? problems.preconditionFailed('If-None-Match', etag)
    : undefined;
}

/** Somebody else's change won; or an earlier try of this very request, whose answer got lost. */
async function afterLostRace(
  ports: Ports,
  request: HttpRequest,
  { order: { orderId, version } }: OrderRecord,
  change: Change,
  tries: number,
): Promise<HttpAnswer> {
  const now = await ports.store.read(orderId);
  if (now === undefined) return { problem: problems.notFound() };
  if (now.order.version === version) throw new EventInTheWay(orderId, version + 1);
  const earlier = await earlierAnswer(ports, now, change);
  if (earlier) return earlier;
  return tries < MAX_TRIES ? apply(ports, request, now, change, tries + 1) : { problem: problems.busy() };
}

function refusal(result: Exclude<ChangedOrder, { kind: 'changed' }>): Problem {
  switch (result.kind) {
    case 'illegal-transition':
      return problems.illegalTransition(result);
    case 'items-fixed':
      return problems.itemsFixed(result);
    case 'too-many-changes':
      return problems.tooManyChanges();
    case 'invalid':
      return problems.invalid(result.violations);
  }
}
