import { AwsError } from '@outbox/local-cloud-kernel';
import { route } from './route';

const VERSION = 'Version=2012-11-05';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What SQS is asked for by a request, as its handler gets it. */
function decoded(method: string, path: string, query: string, body = ''): Record<string, unknown> {
  const headers = body ? FORM : {};
  const { protocol, target } = route({ method, path, queryString: query, headers, body: Buffer.from(body) }, 'sqs');
  if (target instanceof AwsError) throw target;
  return protocol.decode(target).value;
}

describe('a Query request to a queue’s own URL', () => {
  it('means that queue: with GET, with POST, and with a slash at the end', () => {
    const text = 'Action=SendMessage&MessageBody=Your%20message%20text';
    const asked = { QueueUrl: '/123456789012/MyQueue', MessageBody: 'Your message text' };
    expect(decoded('GET', '/123456789012/MyQueue', `${text}&${VERSION}`)).toEqual(asked);
    expect(decoded('POST', '/123456789012/MyQueue', '', `${text}&${VERSION}`)).toEqual(asked);
    expect(decoded('GET', '/123456789012/MyQueue/', `${text}&${VERSION}`)).toEqual({
      ...asked,
      QueueUrl: '/123456789012/MyQueue/',
    });
  });

  it('means the queue it names in its form, if it names one', () => {
    const query = `Action=PurgeQueue&QueueUrl=http%3A%2F%2Fq%2F123456789012%2FOther&${VERSION}`;
    expect(decoded('GET', '/123456789012/MyQueue', query)).toEqual({ QueueUrl: 'http://q/123456789012/Other' });
  });

  it('may leave out the number of a list’s or a map’s only entry, which must not go unseen', () => {
    const read = `Action=ReceiveMessage&AttributeName=All&MessageAttributeName=&${VERSION}`;
    expect(decoded('GET', '/', read)).toMatchObject({ AttributeNames: ['All'], MessageAttributeNames: [] });
    const change = `Action=SetQueueAttributes&Attribute.Name=VisibilityTimeout&Attribute.Value=35&${VERSION}`;
    expect(decoded('GET', '/', change)).toEqual({ Attributes: { VisibilityTimeout: '35' } });
  });

  it('means no queue at the root, and where the operation knows none', () => {
    expect(decoded('GET', '/', `Action=PurgeQueue&${VERSION}`)).toEqual({});
    expect(decoded('GET', '/123456789012/MyQueue', `Action=ListQueues&${VERSION}`)).toEqual({});
  });
});
