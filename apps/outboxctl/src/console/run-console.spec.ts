import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProgramDefinition } from '@outbox/cli-kit';
import type { CliContext, OwnContext } from '../commands/context';
import { ME } from '../testing/run-verb';
import { stackOf } from '../testing/stack';
import { startConsole, type RunningConsole } from './run-console';

const NO_COMMANDS: ProgramDefinition<OwnContext> = {
  name: 'outboxctl',
  description: '',
  examples: '',
  verbExamples: {},
  commands: [],
};

describe('a console', () => {
  let root: string;
  let running: RunningConsole | undefined;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'outbox-console-'));
    mkdirSync(join(root, 'dist', 'apps', 'console'), { recursive: true });
    writeFileSync(join(root, 'dist', 'apps', 'console', 'index.html'), '<p>page</p>');
  });
  afterEach(async () => {
    await running?.close();
    rmSync(root, { recursive: true });
  });

  /** One whose AWS can't be reached. */
  async function start(localCloud?: string): Promise<RunningConsole> {
    const send = () =>
      Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED', address: '127.0.0.1', port: 9 }));
    const client = () => ({ send });
    const names = ['dynamodb', 'sqs', 'cloudwatch', 'lambda', 'pipes', 'eventbridge', 'streams'];
    const context = {
      ...Object.fromEntries(names.map((name) => [name, client])),
      ...{ root, environment: {}, now: Date.now, caller: () => Promise.resolve(ME) },
    } as unknown as CliContext;
    const options = {
      port: 0,
      write: false,
      everyMs: 60_000,
      requests: [],
      ...(localCloud === undefined ? {} : { localCloud }),
    };
    running = await startConsole(NO_COMMANDS, context, stackOf(), options);
    return running;
  }

  it('opens by its address once, and tells a page what it is of', async () => {
    const { url, port } = await start();
    expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/_console/\\?key=[\\w-]{32}$`));
    const opened = await fetch(url, { redirect: 'manual' });
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    const session = await fetch(new URL('api/session', url), { headers: { cookie } });
    expect(await session.json()).toMatchObject({
      source: 'parcels',
      write: false,
      caller: ME,
      pipeName: 'pipe',
      aggregateTypes: ['parcel'],
      consumers: [
        { name: 'labels', policy: 'once', on: { parcel: [] } },
        { name: 'mails', policy: 'in-order', on: { parcel: [] } },
      ],
    });
    expect((await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')).toBeNull();
  });

  it('is served by the local cloud without a login, under its name', async () => {
    const { url, port } = await start('http://127.0.0.1:4566');
    expect(url).toBe('http://127.0.0.1:4566/_console/');
    const session = await fetch(`http://127.0.0.1:${port}/_console/api/session`);
    expect(await session.json()).toMatchObject({ localCloud: 'http://127.0.0.1:4566' });
  });

  it('says in words that AWS can’t be asked', async () => {
    const { port } = await start('http://127.0.0.1:4566');
    const events = await fetch(`http://127.0.0.1:${port}/_console/events`);
    const reader = events.body?.getReader();
    let text = '';
    while (reader && !text.includes('event: trouble'))
      text += Buffer.from((await reader.read()).value ?? []).toString();
    expect(text).toContain('nothing listens at 127.0.0.1:9');
    await reader?.cancel();
  });

  it('says how the page is built when it is not there', async () => {
    rmSync(join(root, 'dist'), { recursive: true });
    await expect(start()).rejects.toMatchObject({
      message: expect.stringContaining('page is not in'),
      hint: 'npx nx build console builds it',
    });
  });
});
