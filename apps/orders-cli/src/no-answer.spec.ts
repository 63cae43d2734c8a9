import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { explain } from '@outbox/cli-kit';
import { OrdersClient } from './orders-client';

describe('an API that accepts a connection and never answers', () => {
  let server: Server;
  let endpoint: string;
  let sockets: Socket[];

  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => void sockets.push(socket.on('error', () => undefined).resume()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is given up, and is named', async () => {
    const orders = new OrdersClient(
      endpoint,
      () => 'key',
      () => Promise.resolve({}),
      50,
    );
    const error: unknown = await orders.get('o-1').catch((cause: unknown) => cause);
    expect(explain(error, { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toMatchObject({
      message: `no answer from ${endpoint.replace('http://', '')}`,
      cause: 'none within 0.05 s',
      exitCode: 3,
    });
  });
});
