import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloudError, startProgram } from '@outbox/local-cloud-client';
import { build } from 'esbuild';

const ROOT = join(__dirname, '../../..');

/** The program as it is shipped: one bundle, run as a process. */
describe('the local cloud as a process', () => {
  let directory: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'local-cloud-'));
    await build({
      entryPoints: [join(__dirname, 'main.ts')],
      outfile: join(directory, 'main.js'),
      bundle: true,
      platform: 'node',
      target: 'node22',
      tsconfig: join(ROOT, 'tsconfig.base.json'),
      logLevel: 'error',
    });
  }, 60_000);

  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [join(directory, 'main.js'), ...args], { stdio: 'pipe' });
    children.push(child);
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    return {
      child,
      ended: once(child, 'close').then(([code]: number[]) => ({ code, output, errors })),
      ready: () => once(child.stdout, 'data').then(() => output),
    };
  };

  it('says in one line that it is ready, and stops with 0 when it is told to', async () => {
    const { child, ended, ready } = start('--port', '0', '--directory', join(directory, 'state'));
    const line = await ready();
    const origin = /^local cloud ready at (http:\/\/127\.0\.0\.1:\d+) \(pid \d+, state in .*\)\n$/.exec(line)?.[1];
    const health = await fetch(`${origin}/_local/health`);
    expect(await health.json()).toEqual({ status: 'ready' });
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, output: line, errors: expect.not.stringContaining('ERROR') as unknown });
  }, 60_000);

  it('is started, killed and started again by the client, and keeps what is in its directory', async () => {
    const options = { directory: join(directory, 'kept') };
    const first = await startProgram(join(directory, 'main.js'), options);
    await first.configure({ ruleDelayMs: 17 });
    await first.kill();
    const second = await startProgram(join(directory, 'main.js'), options);
    expect(await second.settings()).toMatchObject({ ruleDelayMs: 17 });
    expect(process.kill(second.pid, 0)).toBe(true);
    await second.stop();
    await second.stop();
    expect(() => process.kill(second.pid, 0)).toThrow('ESRCH');
  }, 60_000);

  it('leaves nothing behind where it keeps nothing', async () => {
    const cloud = await startProgram(join(directory, 'main.js'));
    const { directory: state } = await cloud.info();
    expect(existsSync(state)).toBe(true);
    await cloud.stop();
    expect(existsSync(state)).toBe(false);
  }, 60_000);

  it('ends in order with whoever started it, however that ends', async () => {
    const { child, ended, ready } = start('--port', '0', '--ephemeral', '--json', '--end-with-stdin');
    const line = JSON.parse(await ready()) as Record<string, unknown>;
    expect(line).toMatchObject({ ready: true, origin: `http://127.0.0.1:${String(line['port'])}`, pid: child.pid });
    child.stdin.end();
    expect(await ended).toMatchObject({ code: 0 });
    expect(existsSync(String(line['directory']))).toBe(false);
  }, 60_000);

  it('tells the client why it does not start', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const failed = await startProgram(join(directory, 'main.js'), { port }).catch((error: unknown) => error);
    other.close();
    expect(failed).toBeInstanceOf(LocalCloudError);
    expect(failed).toMatchObject({
      message: expect.stringMatching(
        /^the local cloud did not start \(exit code 1\)\. .*port \d+ is in use/,
      ) as unknown,
    });
  }, 60_000);

  it('says in one line what is wrong with its command line, and ends with 2', async () => {
    const { code, errors } = await start('--port', 'x').ended;
    expect(code).toBe(2);
    expect(errors).toMatch(/^local-cloud: --port takes a number from 0 to 65535, got 'x'\nusage: .*\n.*\n$/);
  });

  it('says in one line that its port is taken, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, errors } = await start('--port', String(port), '--directory', join(directory, 'other')).ended;
    other.close();
    expect(code).toBe(1);
    expect(errors).toMatch(new RegExp(`^local-cloud: port ${port} is in use: [^\\n]*\\n$`));
  });
});
