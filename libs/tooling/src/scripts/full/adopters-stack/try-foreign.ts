import { setTimeout as delay } from 'node:timers/promises';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { LocalCloud } from '../../../../../local-cloud/client/src/index.ts';
import { check, type Check } from '../../gate/stage.ts';
import type { Settings } from '../../settings.ts';

const WITHIN_MS = 20_000;
const MINUTE_MS = 60_000;

/** What the stack `foreign` has to do: each of its ways is gone once. */
export async function tryForeign({ port }: Settings): Promise<readonly Check[]> {
  const cloud = new LocalCloud(`http://127.0.0.1:${port}`);
  const aws = cloud.aws();
  const logs = new CloudWatchLogsClient(aws);
  const lines = async (logGroupName: string, filterPattern: string): Promise<readonly string[]> => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
    return events.map(({ message = '' }) => message);
  };
  const put = (total: number) => {
    const Detail = JSON.stringify({ id: 'o-1', total, ignored: true });
    const entry = { EventBusName: 'foreign', Source: 'shop', DetailType: 'OrderPlaced', Detail };
    return new EventBridgeClient(aws).send(new PutEventsCommand({ Entries: [entry] }));
  };
  return [
    await check(
      'foreign: an event reaches the function as the transformer makes it, and the log as it is',
      async () => {
        await put(250);
        await until('a line of the worker', async () => {
          const [line] = await lines('/aws/lambda/foreign-worker', '{ $.received.from = "rule" }');
          return line?.includes('{"received":{"order":"o-1","total":250,"from":"rule"}}') === true;
        });
        await until('the event in the log group', async () => {
          const [line] = await lines('/aws/events/foreign', '{ $.detail.id = "o-1" }');
          return line?.includes('"ignored":true') === true;
        });
      },
    ),
    await check('foreign: the alarm of two filters’ metrics goes off, and tells its topic', async () => {
      await cloud.advance(MINUTE_MS + 10_000);
      const body = { Subject: /^ALARM: "foreign-average"/, Message: /250\.0/ };
      await cloud.expectMessage('foreign-alarms', { body }, { within: WITHIN_MS });
    }),
    await check('foreign: its HTTP API returns the parameter’s value', async () => {
      const { Items = [] } = await new ApiGatewayV2Client(aws).send(new GetApisCommand({}));
      const endpoint = Items.find(({ Name }) => Name === 'foreign')?.ApiEndpoint ?? '';
      const answer = await fetch(`${endpoint}/value/any`);
      const text = await answer.text();
      if (answer.status !== 200 || text !== '{"value":"one"}') throw new Error(`${answer.status} ${text}`);
    }),
    await check('foreign: its schedule invokes its function', async () => {
      await cloud.advance(60 * MINUTE_MS);
      await until('a line of the nightly function', async () => {
        const found = await lines('/aws/lambda/foreign-nightly', '{ $.received.job = "nightly" }');
        return found.length > 0;
      });
    }),
    await check('foreign: a parameter that changes is told to its rule', async () => {
      const ssm = new SSMClient(aws);
      const Name = '/foreign/watched';
      await ssm.send(new PutParameterCommand({ Name, Value: 'x', Type: 'String' }));
      await ssm.send(new DeleteParameterCommand({ Name }));
      for (const operation of ['Create', 'Delete']) {
        await cloud.expectMessage('foreign-parameters', { body: { detail: { operation, name: Name } } });
      }
    }),
  ];
}

/** @throws Error naming what wasn't seen in time */
async function until(what: string, isSeen: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + WITHIN_MS;
  while (!(await isSeen())) {
    if (Date.now() > end) throw new Error(`${what} was not seen in ${WITHIN_MS} ms`);
    await delay(200);
  }
}
