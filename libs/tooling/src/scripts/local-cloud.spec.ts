import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@outbox/testing';
import { ensureLocalCloud, runningLocalCloud, stopLocalCloud, whileLocalCloudRuns } from './local-cloud.ts';
import type { Settings } from './settings.ts';

/** Stands for the engine: what these scripts rely on is only its arguments, its health route and SIGTERM. */
const engine = `
  const [, port, , directory] = process.argv.slice(2);
  // Threads make the end of the process take longer than the end of its main thread, as with the engine.
  const { Worker } = require('node:worker_threads');
  for (let index = 0; index < 4; index += 1) new Worker('setInterval(() => {}, 1000)', { eval: true });
  require('node:http')
    .createServer((request, response) => response.end(JSON.stringify({ status: 'ready', url: request.url, directory })))
    .listen(Number(port), '127.0.0.1');
`;

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Processes really start and stop here: on a busy machine that takes its time. */
jest.setTimeout(60_000);

describe('the local cloud as make up and make stop handle it', () => {
  let settings: Settings;
  let bundle: string;

  beforeEach(async () => {
    const root = await mkdtemp(join(tmpdir(), 'outbox-engine-'));
    const port = await freePort();
    settings = { root, localDirectory: join(root, '.local'), home: root, port, environment: { PATH: '' } };
    bundle = join(root, 'dist', 'apps', 'local-cloud', 'main.js');
    await mkdir(join(bundle, '..'), { recursive: true });
    await writeFile(bundle, engine);
  });
  afterEach(async () => {
    await stopLocalCloud(settings);
    await rm(settings.root, { recursive: true });
  });

  const pid = async (): Promise<number | undefined> => (await runningLocalCloud(settings))?.pid;

  it('starts once, and is left alone while nothing changed', async () => {
    expect(await ensureLocalCloud(settings)).toContain('started on port');
    const first = await pid();
    expect(await ensureLocalCloud(settings)).toContain('already running');

    expect(first).toEqual(expect.any(Number));
    expect(await pid()).toBe(first);
    expect(Number(await readFile(join(settings.localDirectory, 'local-cloud.pid'), 'utf8'))).toBe(first);
  });

  it('starts again from a bundle that changed', async () => {
    await ensureLocalCloud(settings);

    // Several times: a restart that doesn't wait for the port to be free fails now and then only.
    for (let change = 1; change <= 5; change += 1) {
      const before = await pid();
      await writeFile(bundle, `${engine}\n// change ${change}`);

      expect(await ensureLocalCloud(settings)).toContain('restarted');
      expect(await pid()).not.toBe(before);
    }
  });

  it('stops, and says whether there was one', async () => {
    await ensureLocalCloud(settings);

    expect(await stopLocalCloud(settings)).toBe(true);
    expect(await stopLocalCloud(settings)).toBe(false);
    await expect(fetch(`http://127.0.0.1:${settings.port}/`)).rejects.toThrow();
  });

  it('says in one line that another program has the port', async () => {
    const other = createServer();
    const taken = { ...settings, port: await listen(other) };

    await expect(ensureLocalCloud(taken)).rejects.toThrow(
      `Port ${taken.port} is in use by another program. Choose another: make up LOCAL_CLOUD_PORT=${taken.port + 1}`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it('never ends a process that took over the pid of an engine long gone', async () => {
    await mkdir(settings.localDirectory, { recursive: true });
    await writeFile(join(settings.localDirectory, 'local-cloud.pid'), `${process.pid}\n`);

    expect(await stopLocalCloud(settings)).toBe(false);
  });

  it('says what it was told when the engine gets not ready in time', async () => {
    await writeFile(bundle, engine.replace("status: 'ready'", "status: 'starting'"));

    await expect(ensureLocalCloud(settings, 2_000)).rejects.toThrow(
      /not ready within 2 s \(GET http:\/\/127\.0\.0\.1:\d+\/_local\/health: 200 \{"status":"starting"/,
    );
    await writeFile(bundle, 'setInterval(() => undefined, 1_000)');
    await expect(ensureLocalCloud(settings, 500)).rejects.toThrow(/not ready .*fetch failed: connect ECONNREFUSED/);
  });

  it('starts the engine without what leads elsewhere in the shell', async () => {
    await writeFile(bundle, engine.replace('directory }', 'variables: process.env }'));
    const environment = { PATH: '', AWS_PROFILE: 'production', TF_VAR_region: 'eu-west-1', JAVA_HOME: '/java' };

    await ensureLocalCloud({ ...settings, environment });

    const { variables } = (await (await fetch(`http://127.0.0.1:${settings.port}/`)).json()) as { variables: object };
    expect(Object.keys(variables)).toEqual(expect.not.arrayContaining(['AWS_PROFILE', 'TF_VAR_region']));
    expect(variables).toMatchObject({ JAVA_HOME: '/java' });
  });

  it('finds the engine though the file with its pid is gone', async () => {
    await ensureLocalCloud(settings);
    const first = await pid();
    await rm(settings.localDirectory, { recursive: true });

    expect(await pid()).toBe(first);
    expect(await stopLocalCloud(settings)).toBe(true);
  });

  it('finds the engine though a crash emptied the files that tell of it, and starts it again', async () => {
    await ensureLocalCloud(settings);
    const first = await pid();
    for (const name of ['local-cloud.pid', 'local-cloud.json'])
      await writeFile(join(settings.localDirectory, name), '');

    expect(await pid()).toBe(first);
    expect(await ensureLocalCloud(settings)).toContain('restarted');
  });

  it("leaves alone the engine of a folder in its own, or of one whose name begins with its own's", async () => {
    for (const directory of [join(settings.localDirectory, 'e2e-flow'), `${settings.localDirectory}-2`]) {
      const other = { ...settings, localDirectory: directory };
      await ensureLocalCloud(other);

      expect(await stopLocalCloud(settings)).toBe(false);
      expect(await stopLocalCloud(other)).toBe(true);
    }
  });

  it('ends the work on an engine that is gone', async () => {
    await ensureLocalCloud(settings);
    const running = (await pid()) ?? 0;
    const untilAborted = (abort: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        abort.addEventListener('abort', () => reject(abort.reason));
        process.kill(running, 'SIGKILL');
      });

    await expect(whileLocalCloudRuns(settings, untilAborted)).rejects.toThrow(
      `The local cloud (pid ${running}) has ended while Terraform worked on it`,
    );
    await expect(whileLocalCloudRuns(settings, untilAborted)).rejects.toThrow('The local cloud has ended');
  });

  it('tells what the engine printed when it does not start', async () => {
    await writeFile(bundle, 'console.error("no Java here"); process.exit(3);');

    await expect(ensureLocalCloud(settings)).rejects.toThrow(/no Java here\nThe local cloud did not start: .*exit 3/);
    expect(await pid()).toBeUndefined();
  });
});
