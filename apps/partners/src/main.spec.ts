import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The program as it runs beside the local cloud: one bundle, one process. */
describe('the partners as a process', () => {
  const directory = mkdtempSync(join(tmpdir(), 'partners-'));
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    const outfile = join(directory, 'main.js');
    await build({ entryPoints: [join(__dirname, 'main.ts')], outfile, bundle: true, platform: 'node' });
  }, 60_000);
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  function start(...args: readonly string[]) {
    const child = spawn(process.execPath, [join(directory, 'main.js'), ...args], { stdio: 'pipe' });
    children.push(child);
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    const origin = once(child.stdout, 'data').then(([text]) => /http:\S+/.exec(String(text))?.[0] ?? '');
    return { child, origin, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, errors })) };
  }

  const book = async (origin: string): Promise<unknown> => {
    const headers = { 'idempotency-key': 'k-1' };
    const body = JSON.stringify({ reference: 'o-1', parcels: [{ sku: 'sku-1' }] });
    return (await fetch(`${origin}/carrier/bookings`, { method: 'POST', headers, body })).json();
  };

  it('remember what they did before a kill, and end when they are asked to', async () => {
    const args = ['--port', '0', '--directory', directory];
    const killed = start(...args);
    const booked = await book(await killed.origin);
    killed.child.kill('SIGKILL');
    await killed.ended;

    const next = start(...args);
    expect(await book(await next.origin)).toEqual(booked);
    next.child.kill('SIGTERM');
    expect(await next.ended).toEqual({ code: 0, errors: '' });
  }, 60_000);

  it('say in one line that their port is taken, or that the command line is wrong', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = await start('--port', String(port), '--directory', directory).ended;
    other.close();

    expect(taken.code).toBe(1);
    expect(taken.errors).toMatch(new RegExp(`^partners: port ${port} is in use by another program; [^\\n]*\\n$`));
    const wrong = await start('--port', 'x').ended;
    expect(wrong.code).toBe(2);
    expect(wrong.errors).toMatch(/^partners: --port takes a number from 0 to 65535, got 'x'\nusage: .*\n$/);
  }, 60_000);
});
