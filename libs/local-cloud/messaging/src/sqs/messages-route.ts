import { readRoute, type Clock, type HttpRoute, type JsonAnswer } from '@outbox/local-cloud-kernel';
import { parseJson } from '@outbox/local-cloud-pattern';
import type { StoredMessage } from './message';
import { queueAddress } from './queue-address';
import type { QueueStore } from './queue-store';

/** Whom a query means that doesn't say. */
const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/**
 * `GET /_local/messages?queue=NAME[&account=…][&region=…]` `{"messages": […]}`: what is in a queue, oldest first. Nothing
 * is received by it.
 */
export function messagesRoute(store: QueueStore, clock: Pick<Clock, 'now'>): HttpRoute {
  return readRoute('/_local/messages', (query) => look(store, clock.now(), query));
}

function look(store: QueueStore, now: number, query: URLSearchParams): JsonAnswer {
  const name = query.get('queue') ?? '';
  const [account, region] = [query.get('account') ?? ACCOUNT, query.get('region') ?? REGION];
  if (name === '') return [400, { message: 'Say which queue: /_local/messages?queue=NAME' }];
  const queue = store.find(queueAddress(account, region, name).arn);
  if (queue) {
    const messages = store.messages(queue).all();
    return [200, { messages: messages.map((message) => describe(message, now)) }];
  }
  const others = store.list(account, region).map((other) => other.name);
  const there = others.length === 0 ? 'there are none' : `there are ${others.join(', ')}`;
  return [404, { message: `There is no queue ${name} in account ${account}, ${region}: ${there}` }];
}

function describe(message: StoredMessage, now: number): Record<string, unknown> {
  const json = parseJson(message.body);
  return {
    messageId: message.id,
    // The text of a message under a key is for those who may decrypt it.
    ...(message.key ? {} : { body: json === undefined ? message.body : json }),
    attributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { text, base64 }]) => [name, text ?? base64 ?? '']),
    ),
    state: message.visibleAt <= now ? 'waiting' : message.receives > 0 ? 'in-flight' : 'delayed',
    receiveCount: message.receives,
    sentAt: new Date(message.sentAt).toISOString(),
  };
}
