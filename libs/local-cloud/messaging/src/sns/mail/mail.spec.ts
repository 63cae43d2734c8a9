import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SqliteStore, type HttpRoute } from '@outbox/local-cloud-kernel';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../../testing/spec-engine';
import type { Mail } from './mailbox';

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`;
const DAY_MS = 86_400_000;

/** Serves the engine's routes as its HTTP server does. */
async function serve(routes: readonly HttpRoute[]): Promise<{ server: Server; at: string }> {
  const server = createServer((request, response) => {
    const route = routes.find(({ prefix }) => request.url?.startsWith(prefix));
    void route?.handle(request, response, () => {
      throw new Error('nothing here is signed');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, at: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('mail', () => {
  const store = new SqliteStore(':memory:');
  let engine: SpecEngine;
  let web: Awaited<ReturnType<typeof serve>>;

  const start = async () => {
    engine = await startSpecEngine({ store });
    web = await serve(engine.routes);
  };
  const stop = async () => {
    web.server.closeAllConnections();
    web.server.close();
    await engine.stop();
  };
  beforeAll(async () => {
    await start();
    await engine.call('sns', 'CreateTopic', { Name: 'alarms', Attributes: { DisplayName: 'Alarms' } });
  });
  afterAll(stop);

  const mails = async (to: string): Promise<Mail[]> => {
    const answer = await fetch(`${web.at}/_local/mail?to=${encodeURIComponent(to)}`);
    return ((await answer.json()) as { mails: Mail[] }).mails;
  };
  const subscribe = async (Endpoint: string, Protocol = 'email') => {
    const input = { TopicArn: TOPIC, Protocol, Endpoint, ReturnSubscriptionArn: true };
    return (await engine.call('sns', 'Subscribe', input)).SubscriptionArn ?? '';
  };
  const publish = (Message: string, Subject?: string) =>
    engine.call('sns', 'Publish', { TopicArn: TOPIC, Message, Subject });
  const follow = (url: string | undefined) => fetch((url ?? '').replace(/^http:\/\/[^/]+/, web.at));
  const attributes = async (SubscriptionArn: string) =>
    (await engine.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn })).Attributes;

  it('asks first: who has not confirmed gets nothing and can’t be removed', async () => {
    const arn = await subscribe('ada@example.com');
    expect(
      await engine.call('sns', 'Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'ada@example.com' }),
    ).toEqual({
      SubscriptionArn: 'pending confirmation',
    });
    await publish('nobody hears this');
    const sent = await mails('ada@example.com');
    expect(sent.map(({ subject }) => subject)).toEqual([
      'AWS Notification - Subscription Confirmation',
      'AWS Notification - Subscription Confirmation',
    ]);
    expect(await attributes(arn)).toMatchObject({ PendingConfirmation: 'true', ConfirmationWasAuthenticated: 'false' });
    expect((await engine.call('sns', 'ListSubscriptionsByTopic', { TopicArn: TOPIC })).Subscriptions).toMatchObject([
      { SubscriptionArn: 'PendingConfirmation', Endpoint: 'ada@example.com' },
    ]);
    await expect(engine.call('sns', 'Unsubscribe', { SubscriptionArn: arn })).rejects.toThrow(
      'Cannot unsubscribe a subscription that is pending confirmation',
    );

    expect((await follow(sent[0]?.confirmUrl)).status).toBe(200);
    expect(await attributes(arn)).toMatchObject({
      PendingConfirmation: 'false',
      ConfirmationWasAuthenticated: 'false',
    });
    await publish('all hear this', 'news');
    expect((await mails('ada@example.com')).at(-1)).toMatchObject({
      from: 'Alarms <no-reply@sns.amazonaws.com>',
      subject: 'news',
      text: expect.stringMatching(/^all hear this\n\n--\n.*unsubscribe:\nhttp:.*_sns\/unsubscribe\.html/s),
    });
  });

  it('is still there after a restart', async () => {
    const before = await mails('ada@example.com');
    await stop();
    await start();
    expect(await mails('ada@example.com')).toEqual(before);
  });

  it('ends with the link at its foot', async () => {
    const link = /http:\S*unsubscribe\S*/.exec((await mails('ada@example.com')).at(-1)?.text ?? '')?.[0];
    expect(await (await follow(link)).text()).toContain('ada@example.com has been unsubscribed');
    const before = (await mails('ada@example.com')).length;
    await publish('gone');
    expect(await mails('ada@example.com')).toHaveLength(before);
    expect((await follow(link)).status).toBe(400);
  });

  it('is JSON for programs, confirmed with its token', async () => {
    const arn = await subscribe('bot@example.com', 'email-json');
    const Token = new URL((await mails('bot@example.com'))[0]?.confirmUrl ?? '').searchParams.get('Token') ?? '';
    await engine.call('sns', 'ConfirmSubscription', { TopicArn: TOPIC, Token, AuthenticateOnUnsubscribe: 'true' });
    expect(await attributes(arn)).toMatchObject({ ConfirmationWasAuthenticated: 'true' });
    await publish('beep');
    const mail = JSON.parse((await mails('bot@example.com')).at(-1)?.text ?? '') as {
      Message: string;
      UnsubscribeURL: string;
    };
    expect(mail.Message).toBe('beep');
    expect((await follow(mail.UnsubscribeURL)).status).toBe(400);
    await engine.call('sns', 'Unsubscribe', { SubscriptionArn: arn });
    await expect(attributes(arn)).rejects.toThrow('Subscription does not exist');
  });

  it('is forgotten when nobody confirms for two days', async () => {
    const arn = await subscribe('late@example.com');
    const url = (await mails('late@example.com'))[0]?.confirmUrl;
    engine.clock.advance(2 * DAY_MS);
    expect((await follow(url)).status).toBe(400);
    await expect(attributes(arn)).rejects.toThrow('Subscription does not exist');
  });

  it.each(['/_local/mail', '/_sns/confirmation.html'])('is not for scripts of other pages: %s', async (path) => {
    expect((await fetch(`${web.at}${path}`, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
  });
});
