import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { chromium as findChromium } from './browsers.cjs';

/** A page of the console, and all that it may not have done. */
export interface ConsolePage {
  readonly page: Page;
  /** What it complained of: errors, and whatever its policy kept it from. */
  readonly complaints: readonly string[];
  /** Hosts that it asked. */
  readonly hosts: ReadonlySet<string>;
}

/** Where the local cloud serves the console. */
export function consoleOrigin(): string {
  const origin = process.env['AWS_ENDPOINT_URL'];
  if (!origin) throw new Error('AWS_ENDPOINT_URL is not set: the suite brings up a local cloud first');
  return origin;
}

/** @throws when this machine has no Chromium */
export function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium on this machine');
  // Who runs as root, as CI does, has no sandbox; it loads nothing but the page under test.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** Opens a view of the console in a page of its own. */
export async function open(context: BrowserContext, view = 'pipeline', rest = ''): Promise<ConsolePage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`${consoleOrigin()}/_console/#/${view}${rest === '' ? '' : `/${encodeURIComponent(rest)}`}`);
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  return { page, complaints, hosts };
}

/** A rule of accessibility that a page breaks, and where. */
export interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly where: readonly string[];
}

const AXE = readFileSync(join(__dirname, '../../../../node_modules/axe-core/axe.min.js'), 'utf8');

/** What axe-core finds that is serious or worse. */
export async function violations(page: Page): Promise<readonly Violation[]> {
  // Evaluated from outside the page: its policy doesn't let scripts in.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    interface Axe {
      run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
    }
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations: found } = await axe.run();
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ html }) => html.slice(0, 200)) }));
  });
}

/** A script for a page whose server tells of 200 events a second. */
export const FLOOD = join(__dirname, 'flood.cjs');

/** How many frames a page draws in a time. */
export function framesIn(page: Page, ms: number): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const until = performance.now() + ${ms};
    let frames = 0;
    const draw = (now) => {
      frames += 1;
      if (now < until) requestAnimationFrame(draw);
      else resolve(frames);
    };
    requestAnimationFrame(draw);
  })`);
}
