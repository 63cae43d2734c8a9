import { isDeepStrictEqual } from 'node:util';
import type { Books } from './books';
import type { MessageRequest, Traced } from './entry';
import { readObject, readText } from './fields';
import { idempotencyKey, keyConflict, readJson, tracedBy, type Answer, type Route } from './route';

/** The mail provider: takes messages. */
export function mailRoutes(books: Books): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/mail/messages',
      faulty: { partner: 'mail', operation: 'send' },
      key: idempotencyKey,
      run: (call, key) => send(books, key, readMessage(readJson(call)), tracedBy(call)),
    },
  ];
}

function send(books: Books, key: string, request: MessageRequest, traced: Traced): Answer {
  const before = books.records.lastMessage(key);
  if (before !== undefined && before.keyRememberedUntil > books.now) {
    const { messageId, to, subject, text } = before;
    if (isDeepStrictEqual(request, { to, subject, text })) return { status: 202, body: { messageId } };
    books.add({ type: 'conflicted', partner: 'mail', key });
    return keyConflict(key);
  }
  const messageId = `message-${books.ids.next()}`;
  const keyRememberedUntil = books.after(books.records.settings.keyMemoryMs);
  books.add({ type: 'sent', messageId, key, keyRememberedUntil, ...traced, ...request });
  return { status: 202, body: { messageId } };
}

function readMessage(value: unknown): MessageRequest {
  const { to, subject, text } = readObject(value, 'body');
  return { to: readText(to, 'to'), subject: readText(subject, 'subject'), text: readText(text, 'text') };
}
