import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@outbox/testing';
import { ensureBackground, stopBackground } from './background.ts';
import { runningProgram } from './background-program.ts';
import { ensureConsole, stackConsole } from './console.ts';
import { localCloud } from './local-cloud.ts';
import { partnersVariablesFile } from './local-environment.ts';
import { partners, partnersOrigin } from './partners.ts';
import { consolePort, consolePortFile, partnersPort, type Settings } from './settings.ts';

/** Stands for each program: what these scripts rely on is its arguments, its health route and SIGTERM. */
const program = `
  const port = process.argv[process.argv.indexOf('--port') + 1];
  require('node:http')
    .createServer((request, response) => response.end(JSON.stringify({ status: 'ready' })))
    .listen(Number(port), '127.0.0.1');
`;

/** Processes really start and stop here: on a busy machine that takes its time. */
jest.setTimeout(60_000);

describe('what make up leaves running', () => {
  let settings: Settings;
  const started: Settings[] = [];

  beforeEach(async () => {
    const root = mkdtempSync(join(tmpdir(), 'outbox-background-'));
    const environment = {
      PATH: '',
      PARTNERS_PORT: String(await freePort()),
      CONSOLE_PORT: String(await freePort()),
    };
    settings = { root, localDirectory: join(root, '.local'), home: root, port: await freePort(), environment };
    for (const { app } of [localCloud, partners, stackConsole]) {
      mkdirSync(join(root, 'dist', 'apps', app), { recursive: true });
      writeFileSync(join(root, 'dist', 'apps', app, 'main.js'), program);
    }
    mkdirSync(join(root, 'terraform'));
    started.push(settings);
  });
  afterEach(async () => {
    for (const one of started.splice(0)) {
      await stopBackground(one);
      rmSync(one.root, { recursive: true });
    }
  });

  const ports = (): Promise<readonly (number | undefined)[]> =>
    Promise.all([localCloud, partners].map(async (one) => (await runningProgram(one, settings))?.port));

  it('is the local cloud, and the partners on the port that was asked for; both are left alone, and both end', async () => {
    const asked = Number(settings.environment['PARTNERS_PORT']);
    const told = await ensureBackground(settings);

    expect(told).toMatch(
      new RegExp(`^started on port ${settings.port}, .*; carrier and mail provider started on port`),
    );
    expect(await ports()).toEqual([settings.port, asked]);
    expect(await partnersOrigin(settings)).toBe(`http://127.0.0.1:${asked}`);
    expect(await ensureBackground(settings)).toMatch(/^already running .*; carrier and mail provider already running/);
    expect(await stopBackground(settings)).toBe(true);
    expect([...(await ports()), await partnersOrigin(settings)]).toEqual([undefined, undefined, undefined]);
    expect(await stopBackground(settings)).toBe(false);
  });

  it('is the console of the stack, too, once there is one: started again when the stack changed, moved out of the way', async () => {
    await ensureBackground(settings);
    const outputs = (api: string): string => JSON.stringify({ api_endpoint: { value: api } });
    const pid = async (): Promise<number | undefined> => (await runningProgram(stackConsole, settings))?.pid;
    expect(await ensureConsole(settings, outputs('http://a'))).toBe(`http://127.0.0.1:${settings.port}/_console/`);
    const first = await pid();
    expect(readFileSync(consolePortFile(settings.localDirectory), 'utf8')).toBe(`${consolePort(settings)}\n`);
    await ensureConsole(settings, outputs('http://a'));
    expect(await pid()).toBe(first);
    await ensureConsole(settings, outputs('http://b'));
    expect(await pid()).not.toBe(first);
    expect(readFileSync(join(settings.localDirectory, 'console-requests.json'), 'utf8')).toContain('http://b/orders');

    // The local cloud takes the console's port.
    settings = {
      ...settings,
      port: consolePort(settings),
      environment: { ...settings.environment, CONSOLE_PORT: String(await freePort()) },
    };
    expect(await ensureBackground(settings)).toMatch(/^restarted on port/);
    expect(await pid()).toBeUndefined();
  });

  it('changes ports with each other', async () => {
    await ensureBackground(settings);
    const [cloud = 0, beside = 0] = await ports();
    settings = { ...settings, port: beside, environment: { PATH: '', PARTNERS_PORT: String(cloud) } };

    expect(await ensureBackground(settings)).toMatch(/^restarted .*; carrier and mail provider restarted/);
    expect(await ports()).toEqual([beside, cloud]);
  });

  it('has the partners on the port after the local cloud’s, or where they were asked to be before', async () => {
    const unasked = { ...settings, environment: {} };
    expect(partnersPort(unasked)).toBe(settings.port + 1);
    await ensureBackground(settings);
    expect(partnersPort(unasked)).toBe(Number(settings.environment['PARTNERS_PORT']));

    partners.rememberPort({ ...settings, environment: { PARTNERS_PORT: String(settings.port + 1) } });
    expect(partnersPort({ ...unasked, port: 7_000 })).toBe(7_001);
    expect(() => partnersPort({ ...unasked, environment: { PARTNERS_PORT: 'x' } })).toThrow(
      'PARTNERS_PORT must be a number from 1 to 65535, not "x"',
    );
  });

  it('says which variable chooses another port when that of the partners is taken', async () => {
    const taken = partnersPort(settings);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(taken, '127.0.0.1', resolve));

    await expect(ensureBackground(settings)).rejects.toThrow(
      `Port ${taken} is in use by another program. Choose another: make up PARTNERS_PORT=${taken + 1}`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it('is told to Terraform by the variables that the root has', async () => {
    await ensureBackground(settings);
    expect(existsSync(partnersVariablesFile(settings))).toBe(false);

    writeFileSync(
      join(settings.root, 'terraform', 'variables.tf'),
      'variable "region" {}\n\nvariable "mail_url" {\n}\n\nvariable "tracing" {\n}\n',
    );
    await ensureBackground(settings);
    expect(readFileSync(partnersVariablesFile(settings), 'utf8')).toBe(
      `mail_url = "http://127.0.0.1:${partnersPort(settings)}"\n` +
        `tracing = { endpoint = "http://127.0.0.1:${settings.port}/v1/traces" }\n`,
    );
    rmSync(join(settings.root, 'terraform', 'variables.tf'));
    await ensureBackground(settings);
    expect(existsSync(partnersVariablesFile(settings))).toBe(false);
  });
});
