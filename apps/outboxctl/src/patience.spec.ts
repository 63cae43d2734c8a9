import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { explain } from '@outbox/cli-kit';
import { awsClients } from './clients';

describe('a server that accepts a connection and never answers', () => {
  let server: Server;
  let endpoint: string;
  let sockets: Socket[];
  const environment = { ...process.env };

  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => void sockets.push(socket.on('error', () => undefined).resume()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDSPEC',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_MAX_ATTEMPTS: '1',
    });
  });
  afterEach(async () => {
    process.env = environment;
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is given up where AWS should be', async () => {
    const dynamodb = awsClients({ connectionTimeout: 1_000, requestTimeout: 50 }).dynamodb();
    const error: unknown = await dynamodb.send(new ListTablesCommand({})).catch((cause: unknown) => cause);
    dynamodb.destroy();
    expect(explain(error, { AWS_ENDPOINT_URL: endpoint })).toMatchObject({
      message: `no answer from ${endpoint}`,
      exitCode: 3,
    });
  });
});
