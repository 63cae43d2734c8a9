import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@outbox/testing';
import type { Browser, Page } from 'playwright-core';
import { consoleOrigin, launch, open } from '../support/console-page';
import { buryEvents, emptied } from '../support/dead-letters';
import { placeConfirmedOrder, placeOrder, trace } from '../support/orders';
import { consumerOf, readStack } from '../support/stack';
import { root } from '../support/target';

const stack = readStack();
const ORDERS = 60;
const SIDE_BY_SIDE = 4;
jest.setTimeout(300_000);

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Run by UPDATE_DOCS=1 alone: writes the pictures of README and docs/console.md. */
describe('pictures of the console', () => {
  it('show a saga from its request to the last consumer', async () => {
    await placeConfirmedOrder(stack);
    const { orderId } = await placeConfirmedOrder(stack);
    trace(orderId);
    const page = await view('dark', 760, 'trace', `order/${orderId}`);
    await page.getByRole('button', { name: /^ShipmentBooked/ }).click();
    await page.getByRole('button', { name: 'Which rules match' }).click();
    await page.getByText('doesn’t match').first().waitFor();
    await picture(page, 'console-trace');
  });

  it('show dead letters by their reason', async () => {
    const { orderId } = await placeConfirmedOrder(stack);
    const { dlq_url } = consumerOf(stack, 'notifications');
    const page = await view('light', 560, 'trace', `order/${orderId}`);
    await page.getByRole('button', { name: /^OrderCreated/ }).waitFor();
    const text = await page.getByRole('region', { name: 'The event' }).textContent();
    const event: unknown = JSON.parse(text ?? '');
    await buryEvents(dlq_url, [
      ...reasons(event, 37, 'attempts', 'HttpCallError: POST /mail/messages: 503 after 20 attempts'),
      ...reasons(event, 12, 'gap', 'event 2 did not come within 3600 s'),
      ...reasons(event, 3, 'rejected', 'no such address'),
    ]);
    await page.goto(`${consoleOrigin()}/_console/#/dead-letters`);
    await page.locator('.letters summary').first().click();
    await picture(page, 'console-dead-letters');
    await emptied(dlq_url);
  });

  it('show the pipeline at work, and a consumer whose partner fails', async () => {
    const page = await view('light', 620, 'pipeline');
    await offered(page, 'The mail provider refuses every call');
    let left = ORDERS;
    const lane = async (): Promise<void> => {
      while (left-- > 0) await placeOrder(stack);
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
    await page.goto(`${consoleOrigin()}/_console/#/pipeline`);
    await eventually(
      async () => {
        const row = page.getByRole('row', { name: /notifications/ });
        expect(await row.textContent()).toContain('failing');
      },
      { timeoutMs: 90_000 },
    );
    await picture(page, 'console-pipeline');
    await offered(page, 'Both are well');
  });
});

async function view(colorScheme: 'light' | 'dark', height: number, name: string, rest = ''): Promise<Page> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1240, height } });
  context.setDefaultTimeout(60_000);
  return (await open(context, name, rest)).page;
}

async function offered(page: Page, name: string): Promise<void> {
  await page.goto(`${consoleOrigin()}/_console/#/try`);
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByText(/^200: 1 time$/).waitFor();
}

/** Without what an earlier spec had done. */
async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate("document.querySelector('footer.jobs')?.remove()");
  await page.mouse.move(0, 0);
  const png = await page.screenshot({ animations: 'disabled' });
  writeFileSync(join(root, 'docs', 'images', `${name}.webp`), await toWebp(png));
}

/** A third of the size, by the browser's own encoder. */
async function toWebp(png: Buffer): Promise<Buffer> {
  const page = await browser.newPage();
  const source = JSON.stringify(`data:image/png;base64,${png.toString('base64')}`);
  const url = await page.evaluate<string>(`(async () => {
    const image = new Image();
    image.src = ${source};
    await image.decode();
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.9);
  })()`);
  await page.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

function reasons(event: unknown, count: number, reason: string, detail: string) {
  return Array.from({ length: count }, () => ({ event, reason, detail }));
}
