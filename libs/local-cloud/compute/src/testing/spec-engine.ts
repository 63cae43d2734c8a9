import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AwsError,
  type Authenticate,
  type HttpRoute,
  type InputOf,
  type Service,
  type ServiceName,
} from '@outbox/local-cloud-kernel';
import { ACCOUNT, specEngine } from '@outbox/local-cloud-testing';
import { strToU8, zipSync } from 'fflate';
import { createCompute } from '../compute';
import { SETTLING_MS } from '../lambda/describe';

export { ACCOUNT, REGION, ROOT } from '@outbox/local-cloud-testing';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/test`;

/** An engine for specs: the compute part on a real HTTP server, other services as the spec gives them. */
export type SpecEngine = Awaited<ReturnType<typeof startSpecEngine>>;

export async function startSpecEngine(services: readonly Service<ServiceName>[] = []) {
  const directory = mkdtempSync(join(tmpdir(), 'compute-spec-'));
  const routes: HttpRoute[] = [];
  const server: Server = createServer((request, response) => {
    const route = routes.find((one) => request.url?.startsWith(one.prefix));
    if (route) void route.handle(request, response, specAuthenticate);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const spec = specEngine(createCompute, { directory, origin, services });
  const { module, clock, store } = spec;
  /** Permissions that are denied, e.g. `logs:PutLogEvents`. */
  const denied = new Set<string>();
  // A service is let in by the resource's policy alone.
  spec.deny(
    ({ kind, service = '' }, { action, resourcePolicy }) =>
      denied.has(action) || (kind === 'service' && !resourcePolicy?.includes(service)),
  );
  routes.push(...(module.routes ?? []));
  await module.start?.();
  return {
    ...spec,
    denied,
    async close() {
      await module.stop?.();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      clock.stop();
      store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Believes the header `x-signed-by`, which names the session of a role, in place of a signature. */
const specAuthenticate: Authenticate = ({ headers }, signingName) => {
  const name = headers['x-signed-by'];
  if (name === undefined || signingName !== 'execute-api') {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', { status: 403 });
  }
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/test/${name}`;
  return {
    caller: { kind: 'role', accountId: ACCOUNT, arn, userId: `AROATEST:${name}`, roleArn: ROLE },
    accessKeyId: 'ASIATEST',
  };
};

/** A zip with one file per entry, `index.js` unless named otherwise; of the same code the same bytes at any time. */
export function zip(code: string | Readonly<Record<string, string>>): Uint8Array {
  const files = typeof code === 'string' ? { 'index.js': code } : code;
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)]);
  return zipSync(Object.fromEntries(entries), { mtime: '1980-01-01T12:00:00Z' });
}

/** Creates a function and moves the clock until it is active. */
export async function createFunction(
  spec: SpecEngine,
  name: string,
  code: string | Readonly<Record<string, string>>,
  options: Partial<InputOf<'lambda', 'CreateFunction'>> = {},
): Promise<void> {
  await spec.call('lambda', 'CreateFunction', {
    FunctionName: name,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: ROLE,
    Code: { ZipFile: zip(code) },
    ...options,
  });
  spec.clock.advance(SETTLING_MS);
}

/** Waits for a condition, at most ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('condition not met in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
