import { request as send } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createRole } from '../support/assumed-role';
import { consoleOrigin, FLOOD, framesIn, launch, open, violations } from '../support/console-page';
import { bury, buryEvents, emptied } from '../support/dead-letters';
import { hostileTexts } from '../support/hostile';
import { expectComplete, placeConfirmedOrder, trace } from '../support/orders';
import { aws, consumerOf, readStack } from '../support/stack';
import { root } from '../support/target';

const stack = readStack();
const orderView = consumerOf(stack, 'order-view');
const VIEWS = ['pipeline', 'live', 'trace', 'dead-letters', 'stuck', 'alarms', 'denied', 'try'];
/** Beyond what anything here takes on a busy machine. */
const PATIENCE = { timeout: 45_000 };
jest.setTimeout(120_000);

let browser: Browser;
let context: BrowserContext;
let orderId: string;

beforeAll(async () => {
  const [started, placed] = await Promise.all([launch(), placeConfirmedOrder(stack)]);
  browser = started;
  orderId = placed.orderId;
  trace(orderId);
});
afterAll(() => browser.close());
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(PATIENCE.timeout);
});
afterEach(() => context.close());

describe('the console', () => {
  it('weighs less than 150 kB, and asks nobody but its own host', async () => {
    const files = ['index.html', 'main.js', 'main.css'].map((name) => join(root, 'dist/apps/console', name));
    expect(files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)).toBeLessThan(150_000);
    const { page, hosts, complaints } = await open(context);
    for (const view of VIEWS) await page.goto(`${consoleOrigin()}/_console/#/${view}`);
    expect([...hosts]).toEqual([new URL(consoleOrigin()).host]);
    expect(complaints).toEqual([]);
  });

  it('shows every stage of the way with its state in words', async () => {
    const { page } = await open(context);
    const pipeline = page.getByRole('region', { name: 'Pipeline' });
    for (const name of Object.keys(stack.consumers)) {
      await pipeline
        .getByRole('row', { name })
        .filter({ hasText: /running|waiting|behind|failing/ })
        .waitFor();
    }
    await pipeline.getByText(stack.pipe_name).waitFor();
    await pipeline.getByText(stack.event_bus_name).waitFor();
  });

  it('draws an aggregate’s way, and says why a rule does not match', async () => {
    const { page } = await open(context, 'trace', `order/${orderId}`);
    for (const type of ['OrderCreated', 'ShipmentBooked', 'OrderUpdated']) {
      await page.getByRole('button', { name: new RegExp(`^${type}`) }).waitFor();
    }
    await page.getByRole('button', { name: /^ShipmentBooked/ }).click();
    await page.getByRole('region', { name: 'The event' }).getByText('"type": "ShipmentBooked"').waitFor();
    await page.getByRole('button', { name: 'Which rules match' }).click();
    await page
      .getByText(/detail\.aggregatetype is "shipment", the rule wants \["order"\]/)
      .first()
      .waitFor();
  });

  it('follows events as they are committed, with what they hold', async () => {
    const { page } = await open(context, 'live');
    await page.getByText('Nothing was committed since this page follows.').waitFor();
    const { orderId: placed } = await placeConfirmedOrder(stack);
    await page.getByRole('button', { name: new RegExp(`OrderCreated.*${placed} event 1`) }).waitFor();
    const row = page.getByRole('button', { name: new RegExp(`OrderUpdated.*${placed} event 2`) });
    await row.click();
    await page.getByRole('region', { name: 'The event' }).getByText('"status": "CONFIRMED"').waitFor();
    await row.getByText(/\d m?s/).waitFor();
    await page.getByRole('link', { name: 'Trace', exact: true }).last().click();
    await page.getByRole('button', { name: /^OrderCreated/ }).waitFor();
  });

  it('stays smooth while 200 events a second come in', async () => {
    const { page } = await open(context, 'alarms');
    const idle = await framesIn(page, 2_000);
    const flooded = await context.newPage();
    await flooded.addInitScript({ path: FLOOD });
    await flooded.goto(`${consoleOrigin()}/_console/#/live`);
    await flooded.getByText(/^[1-9],?\d* events seen$/).waitFor();
    const busy = await framesIn(flooded, 2_000);
    expect(await flooded.locator('ul.live li').count()).toBeLessThanOrEqual(100);
    expect(busy / idle).toBeGreaterThan(0.3);
    await flooded.getByLabel('Filter').fill('p-7');
    await flooded
      .getByRole('button', { name: /Flooded.*p-7\d* event/ })
      .first()
      .waitFor();
    await flooded.getByRole('button', { name: 'Stop' }).click();
    await flooded.getByRole('button', { name: 'Follow' }).waitFor();
  });

  it('shows a consumer that fails, and that it is well again', async () => {
    const { page } = await open(context, 'try');
    const press = async (name: string): Promise<void> => {
      const item = page.getByRole('listitem').filter({ has: page.getByRole('button', { name, exact: true }) });
      await item.getByRole('button', { name, exact: true }).click();
      await item.getByText(/^\d{3}: 1 time$/).waitFor();
    };
    await press('The mail provider refuses every call');
    await press('Place an order');
    await page.getByRole('link', { name: 'Pipeline' }).click();
    await page
      .getByRole('row', { name: /notifications/ })
      .filter({ hasText: 'failing' })
      .waitFor();
    await page
      .getByText(/\d+ failed attempts in 2 minutes/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Try' }).click();
    await press('Both are well');
  });

  it('redrives a group of dead letters, among them 200 hostile ones that are text, with the keyboard alone', async () => {
    await emptied(orderView.dlq_url);
    const { page, complaints } = await open(context, 'trace', `order/${orderId}`);
    const { detail } = await eventOf(page);
    const hostile = hostileTexts(190).map((text) => ({ body: text, reason: 'hostile', detail: text }));
    const known = Array.from({ length: 10 }, () => ({ event: detail, reason: 'gap', detail: '<b>gap</b>' }));
    await bury(orderView.dlq_url, hostile);
    await buryEvents(orderView.dlq_url, known);
    await page.goto(`${consoleOrigin()}/_console/#/dead-letters`);
    await page
      .getByRole('button', { name: /hostile at order-view/ })
      .first()
      .waitFor();
    const groups = await page.locator('.choices button').all();
    const made: string[] = [];
    for (const group of groups) {
      await group.click();
      const elements = page.locator(
        'main :is(iframe, script, img, h1, base, form, style, meta, a[href^="javascript"])',
      );
      made.push(...(await elements.evaluateAll((all) => all.map(({ outerHTML }) => outerHTML))));
    }
    expect([groups.length > 20, made]).toEqual([true, []]);
    expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined();

    await tabTo(page, /^10gap at order-view/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^Redrive 10 letters/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('outboxctl dlq redrive --reason=gap order-view').waitFor();
    await tabTo(page, /^Redrive$/);
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .getByText(/10 redriven|1 redriven/)
      .waitFor();
    await page.getByRole('button', { name: /gap at order-view/ }).waitFor({ state: 'detached' });

    await page
      .getByRole('button', { name: /hostile at order-view/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Drop …' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('noise of a test');
    await page.getByRole('dialog').getByRole('button', { name: 'Drop' }).click();
    await page
      .getByRole('status')
      .getByText(/\d dropped/)
      .waitFor();
    expect(complaints).toEqual([]);
    expect(await emptied(orderView.dlq_url)).toBeLessThan(190);
    expectComplete(orderId);
  });

  it('finds an event that was given up, and has it published again', async () => {
    // Everything that earlier specs committed is compared, several times.
    const long = { timeout: 150_000 };
    await giveUp(orderId);
    const { page } = await open(context, 'stuck');
    const unfinished = page.getByRole('region', { name: 'What doesn’t get on' }).first();
    await unfinished.getByRole('button', { name: 'Look' }).click();
    const given = unfinished.getByRole('row', { name: new RegExp(`given up by the sweeper order/${orderId} event 1`) });
    await given.getByText('published 10 times').waitFor();
    await page.getByRole('button', { name: 'Compare' }).click();
    const verdict = page.locator('.summary b');
    await verdict.filter({ hasText: '1 failed' }).waitFor(long);
    await page.getByRole('button', { name: /^Repair \d+$/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Repair' }).click();
    await page.getByText(/\d published again/).waitFor(long);
    // Other specs may have left something; what was repaired is done.
    expect(await verdict.textContent()).not.toContain('failed');
    expectComplete(orderId);
  }, 320_000);

  it('names the role that was denied something, and why', async () => {
    const role = await createRole('console-spec', 'dynamodb:Query', ['*']);
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = await role.session('one');
    const credentials = {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    };
    const asked = new DynamoDBClient({ credentials }).send(new ScanCommand({ TableName: stack.outbox_table_name }));
    await expect(asked).rejects.toThrow('is not authorized to perform: dynamodb:Scan');
    const { page } = await open(context, 'denied');
    const row = page.getByRole('row', { name: /role\/console-spec/ });
    await row.getByText('dynamodb:Scan', { exact: true }).waitFor();
    await row.getByText('because no identity-based policy allows the dynamodb:Scan action').waitFor();
    await role.delete();
  });

  it('pauses the pipe and lets it go on', async () => {
    const { page } = await open(context);
    await page.getByRole('button', { name: 'pause pipe' }).click();
    await page.getByText(/the pipe is STOP/).waitFor();
    await page.getByRole('button', { name: 'resume pipe' }).click();
    await page.getByText(/^the pipe is/).waitFor({ state: 'detached' });
  });

  it.each(['light', 'dark'] as const)('has no serious fault of accessibility in any view, %s', async (colorScheme) => {
    const own = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 800 } });
    const { page } = await open(own, 'trace', `order/${orderId}`);
    const found: unknown[] = [];
    for (const view of VIEWS) {
      if (view !== 'trace') await page.goto(`${consoleOrigin()}/_console/#/${view}`);
      await page.locator('.panel, .note').first().waitFor();
      found.push(...(await violations(page)).map((violation) => ({ view, ...violation })));
    }
    expect(found).toEqual([]);
    await own.close();
  });

  it('fits a phone', async () => {
    const own = await browser.newContext({ viewport: { width: 390, height: 800 } });
    const { page } = await open(own, 'trace', `order/${orderId}`);
    for (const view of ['trace', ...VIEWS.filter((name) => name !== 'trace')]) {
      if (view !== 'trace') await page.goto(`${consoleOrigin()}/_console/#/${view}`);
      await page.locator('.panel, .note').first().waitFor();
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect([view, width]).toEqual([view, 390]);
    }
    await own.close();
  });

  it.each([
    ['a foreign origin', { origin: 'http://evil.example' }, 403],
    ['a name that leads here', { host: 'evil.example' }, 403],
    ['a page without the token', { 'x-console-token': 'guess' }, 403],
  ])('does nothing for %s', async (_who, headers, status) => {
    const { token } = (await (await fetch(`${consoleOrigin()}/_console/api/session`)).json()) as { token: string };
    const { port, host } = new URL(consoleOrigin());
    const all = { host, 'content-type': 'application/json', 'x-console-token': token, ...headers };
    const answered = await new Promise((resolve, reject) => {
      const path = '/_console/api/actions';
      const asked = send({ host: '127.0.0.1', port, path, method: 'POST', headers: all }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject);
      asked.end('{"action":"sweep"}');
    });
    expect(answered).toBe(status);
  });
});

/** The first event that a trace shows, as the server tells it. */
async function eventOf(page: Page): Promise<{ readonly detail: unknown }> {
  await page.getByRole('button', { name: /^OrderCreated/ }).waitFor();
  const text = await page.getByRole('region', { name: 'The event' }).textContent();
  return { detail: JSON.parse(text ?? '') };
}

/** Presses Tab until what has the focus reads like that. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  for (let presses = 0; presses < 400; presses++) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate<string>("document.activeElement?.textContent ?? ''");
    if (wanted.test(text)) return;
  }
  throw new Error(`the keyboard doesn't get to ${String(wanted)}`);
}

/** Makes an order's first event one that the sweeper has given up. */
async function giveUp(id: string): Promise<void> {
  await aws.dynamodb.send(
    new UpdateItemCommand({
      TableName: stack.outbox_table_name,
      Key: { pk: { S: `order#${id}` }, sk: { S: 'EVENT#0000000001' } },
      UpdateExpression: 'SET failedAt = :now, failure = :why REMOVE publishedAt, expiresAt',
      ExpressionAttributeValues: { ':now': { S: new Date().toISOString() }, ':why': { S: 'published 10 times' } },
    }),
  );
}
