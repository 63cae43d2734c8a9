import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { changed, localAccount, localEnvironment, shellLines } from './local-environment.ts';
import { awsCli } from './requirements.cjs';
import type { Settings } from './settings.ts';

const repository = join(__dirname, '..', '..', '..', '..');
const packages = join(repository, 'node_modules');

/** What AWS's SDK for JavaScript reads, from the packages that are installed. */
function readBySdk(): readonly string[] {
  const folders = ['@smithy', '@aws-sdk'].flatMap((scope) =>
    readdirSync(join(packages, scope))
      .filter((name) => !name.startsWith('client-'))
      .map((name) => join(packages, scope, name, 'dist-cjs')),
  );
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );
  const names = files.flatMap((text) => text.match(/\bAWS_[A-Z0-9_]+[A-Z0-9]\b/g) ?? []);
  return [...new Set(names)].sort();
}

/** Beyond those, what botocore and the AWS CLI read: botocore/{configprovider,credentials,utils}.py of 1.43. */
const readByCli = [
  'AWS_CA_BUNDLE',
  'AWS_CSM_ENABLED',
  'AWS_CSM_HOST',
  'AWS_DATA_PATH',
  'AWS_DEFAULT_PROFILE',
  'AWS_IMDS_USE_IPV6',
  'AWS_SECURITY_TOKEN',
  'AWS_STS_REGIONAL_ENDPOINTS',
];

const services = ['DYNAMODB', 'EVENTBRIDGE', 'LAMBDA', 'SQS', 'STS'];

interface Listener {
  readonly url: string;
  /** The request lines that came, in order. */
  readonly calls: string[];
  readonly server: Server;
}

/** Answers whatever comes as STS or DynamoDB would. */
async function listen(): Promise<Listener> {
  const calls: string[] = [];
  const identity = `<Arn>arn:aws:iam::${localAccount}:root</Arn><UserId>u</UserId><Account>${localAccount}</Account>`;
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    request
      .resume()
      .on('end', () =>
        response.end(
          request.headers['x-amz-target'] === undefined
            ? `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${identity}</GetCallerIdentityResult></GetCallerIdentityResponse>`
            : '{"TableNames":[]}',
        ),
      );
  });
  server.on('connect', (request, socket) => {
    calls.push(`CONNECT ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, server };
}

/** Two calls by the SDK and one by `fetch`, all configuration left to the environment. */
const sdkProgram = `
  const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
  const { DynamoDBClient, ListTablesCommand } = require('@aws-sdk/client-dynamodb');
  (async () => {
    const { Account } = await new STSClient({ maxAttempts: 1 }).send(new GetCallerIdentityCommand({}));
    await new DynamoDBClient({ maxAttempts: 1 }).send(new ListTablesCommand({}));
    await fetch(process.env.AWS_ENDPOINT_URL + '/_local/health');
    process.stdout.write(Account);
  })();`;

jest.setTimeout(120_000);

describe('whatever the shell holds, calls go to the local cloud', () => {
  let root: string;
  let local: Listener;
  let elsewhere: Listener;
  let settings: Settings;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'outbox-calls-'));
    local = await listen();
    elsewhere = await listen();
    mkdirSync(join(root, '.aws'));
    writeFileSync(
      join(root, '.aws', 'config'),
      `[default]\nendpoint_url = ${elsewhere.url}\nregion = eu-west-1\nuse_fips_endpoint = true\n[profile production]\nendpoint_url = ${elsewhere.url}\n`,
    );
    settings = {
      root,
      localDirectory: join(root, '.local'),
      home: root,
      port: Number(new URL(local.url).port),
      environment: { ...process.env, ...hostile() },
    };
  });
  afterAll(async () => {
    for (const { server } of [local, elsewhere]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    rmSync(root, { recursive: true });
  });
  beforeEach(() => {
    local.calls.length = 0;
    elsewhere.calls.length = 0;
  });

  /** Every variable there is, each leading away. */
  function hostile(): Record<string, string> {
    const names = [...readBySdk(), ...readByCli, ...services.map((service) => `AWS_ENDPOINT_URL_${service}`)];
    const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
    return {
      ...Object.fromEntries(names.map((name) => [name, valueOf(name)])),
      ...Object.fromEntries(proxies.map((name) => [name, elsewhere.url])),
      NODE_USE_ENV_PROXY: '1',
      NO_PROXY: 'corp.example',
    };
  }

  function valueOf(name: string): string {
    if (/(ENDPOINT|ENDPOINT_URL|METADATA_URL|_URI)(_[A-Z]+)?$/.test(name) && !/USE_|ID_/.test(name))
      return elsewhere.url;
    if (/(FILE|BUNDLE|PATH|DIRECTORY)$/.test(name)) return join(root, '.aws', 'config');
    if (name.endsWith('PROFILE')) return 'production';
    if (/region$/i.test(name)) return 'eu-west-1';
    return name === 'AWS_ACCOUNT_ID_ENDPOINT_MODE' ? 'required' : 'true';
  }

  /** Runs a program in a shell with those variables, after `lines` were evaluated in it. */
  const inShell = async (lines: string, program: string, ...args: readonly string[]): Promise<string> => {
    const environment = changed(settings.environment, { HOME: root });
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-c', 'eval "$1"; shift; exec "$@"', 'sh', lines, program, ...args],
      {
        cwd: repository,
        env: environment,
        timeout: 60_000,
      },
    );
    return stdout;
  };
  const makeEnv = (): string => shellLines(localEnvironment(settings, { kind: 'default' }));

  it('is tried with what the installed SDK reads', () => {
    expect(readBySdk()).toEqual(
      expect.arrayContaining([
        'AWS_ENDPOINT_URL',
        'AWS_USE_FIPS_ENDPOINT',
        'AWS_ACCOUNT_ID_ENDPOINT_MODE',
        'AWS_PROFILE',
      ]),
    );
  });

  it('by the SDK and fetch; without make env they would not', async () => {
    await inShell('', process.execPath, '-e', sdkProgram).catch(() => undefined);
    expect(local.calls).toEqual([]);
    elsewhere.calls.length = 0;

    expect(await inShell(makeEnv(), process.execPath, '-e', sdkProgram)).toBe(localAccount);
    expect(local.calls).toEqual(['POST /', 'POST /', 'GET /_local/health']);
    expect(elsewhere.calls).toEqual([]);
  });

  // At another home, as there: a version manager may find its programs by it.
  const cli = awsCli({ ...process.env, HOME: tmpdir() });
  if (cli.found && !cli.text.includes('too old')) {
    it('by the AWS CLI', async () => {
      const query = ['--query', 'Account', '--output', 'text'];
      expect((await inShell(makeEnv(), 'aws', 'sts', 'get-caller-identity', ...query)).trim()).toBe(localAccount);
      await inShell(makeEnv(), 'aws', 'dynamodb', 'list-tables');

      expect(local.calls).toEqual(['POST /', 'POST /']);
      expect(elsewhere.calls).toEqual([]);
    });
  } else process.stderr.write(`not run: where the AWS CLI's calls go (${cli.text})\n`);
});
