import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PipesClient } from '@aws-sdk/client-pipes';
import { createPipe, deletePipe } from './probe-pipe';

const unknownRole = 'The provided customer role does not have permissions to call GetRecords on DynamoDB';

/** What Pipes does with its one pipe, each time it is to be made. */
type Fate = 'refused' | 'failed' | 'running';

/** Pipes as far as one pipe needs it: a deleted pipe is there for one more look. */
class FakePipes {
  readonly calls: string[] = [];
  #state: 'none' | 'CREATE_FAILED' | 'RUNNING' | 'DELETING' = 'none';
  readonly #server: Server;

  constructor(private readonly fates: Fate[]) {
    this.#server = createServer((request, response) => {
      this.calls.push(request.method ?? '');
      request.resume();
      const [status, body] = this.#answer(request.method ?? '');
      const type = status === 404 ? 'NotFoundException' : 'ValidationException';
      response.writeHead(status, {
        'Content-Type': 'application/json',
        ...(status >= 400 && { 'x-amzn-errortype': type }),
      });
      response.end(JSON.stringify(body));
    });
  }

  async client(): Promise<PipesClient> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'probe', secretAccessKey: 'probe' };
    return new PipesClient({ endpoint, region: 'eu-west-1', credentials });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(method: string): readonly [status: number, body: object] {
    if (method === 'POST') return this.#create();
    if (this.#state === 'none') return [404, { message: 'no such pipe' }];
    const seen = { Name: 'probe', CurrentState: this.#state, StateReason: unknownRole };
    if (this.#state === 'DELETING') this.#state = 'none';
    if (method === 'DELETE') this.#state = 'DELETING';
    return [200, seen];
  }

  #create(): readonly [status: number, body: object] {
    const fate = this.fates.shift() ?? 'failed';
    if (fate === 'refused' || this.#state !== 'none') return [400, { message: unknownRole }];
    this.#state = fate === 'failed' ? 'CREATE_FAILED' : 'RUNNING';
    return [200, {}];
  }
}

describe('the pipe of the probes', () => {
  const input = { Name: 'probe', RoleArn: 'arn:role', Source: 'arn:stream', Target: 'arn:bus' };
  let fake: FakePipes;
  const withFates = async (...fates: Fate[]): Promise<PipesClient> => (fake = new FakePipes(fates)).client();
  afterEach(() => fake.close());

  it('is made again for as long as its new role is not known everywhere', async () => {
    const pipes = await withFates('refused', 'failed', 'running');

    await createPipe(pipes, input);

    expect(fake.calls.filter((method) => method === 'POST')).toHaveLength(3);
  });

  it("is given up with AWS's own reason", async () => {
    const pipes = await withFates('failed');

    await expect(createPipe(pipes, input, 0)).rejects.toThrow(`CREATE_FAILED: ${unknownRole}`);
  });

  it('is deleted once it is gone, and when there is none', async () => {
    const pipes = await withFates('running');
    await createPipe(pipes, input);

    await deletePipe(pipes, 'probe');
    await deletePipe(pipes, 'probe');

    expect(fake.calls.slice(-4)).toEqual(['DELETE', 'GET', 'GET', 'DELETE']);
  });
});
