import type { IncomingMessage, ServerResponse } from 'node:http';
import { readRoute, toAwsError, type HttpRoute, type StateStore } from '@outbox/local-cloud-kernel';
import type { Confirmations } from '../confirmations';
import type { Mailbox } from './mailbox';

/** `GET /_local/mail[?to=address]` `{"mails": […]}`: what was sent to whom, newest last. */
export function mailboxRoute(mailbox: Mailbox): HttpRoute {
  return readRoute('/_local/mail', (query) => [200, { mails: mailbox.list(query.get('to') ?? undefined) }]);
}

/** The links in mails: `/_sns/confirmation.html` and `/_sns/unsubscribe.html`, as SNS has them under its own name. */
export function linkRoute(confirmations: Confirmations, store: StateStore): HttpRoute {
  return {
    prefix: '/_sns/',
    handle: (request, response) => {
      const [status, title, text] = follow(request, confirmations);
      store.flush();
      send(response, status, 'text/html; charset=utf-8', page(title, text));
      return Promise.resolve();
    },
  };
}

function follow(
  request: IncomingMessage,
  confirmations: Confirmations,
): readonly [status: number, title: string, text: string] {
  // Following a link sends no Origin; a script of some page does.
  if (request.headers.origin !== undefined) return [403, 'Not allowed', 'Follow the link yourself.'];
  const { pathname, searchParams } = urlOf(request);
  const parameter = (name: string): string | undefined => searchParams.get(name) ?? undefined;
  try {
    switch (`${request.method} ${pathname}`) {
      case 'GET /_sns/confirmation.html': {
        const how = { authenticated: false, signedUnsubscribe: false };
        const { arn } = confirmations.confirm(parameter('TopicArn'), parameter('Token'), how);
        return [200, 'Subscription confirmed!', `You have successfully subscribed. Your subscription's id is: ${arn}`];
      }
      case 'GET /_sns/unsubscribe.html': {
        const { endpoint, topicArn } = confirmations.leave(parameter('SubscriptionArn'));
        return [200, 'Subscription removed!', `${endpoint} has been unsubscribed from the topic: ${topicArn}`];
      }
      default:
        return [404, 'Not found', `No such path: ${request.method} ${pathname}`];
    }
  } catch (error) {
    const { status, message } = toAwsError(error);
    return [status, 'Sorry', message];
  }
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://127.0.0.1');
}

function page(title: string, text: string): string {
  return `<!doctype html><title>${escape(title)}</title><h1>${escape(title)}</h1><p>${escape(text)}</p>\n`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) });
  response.end(body);
}
