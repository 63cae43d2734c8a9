import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { seededRandom } from '@outbox/testing';
import { root } from '../support/target';
import { PatientClient } from './client';
import { accountWorkload } from './example-workload';

describe('the example of a workload of one’s own', () => {
  let server: Server;
  const keys: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      keys.push(request.headers['idempotency-key']?.toString());
      response.statusCode = keys.length === 1 ? 503 : 201;
      response.end(JSON.stringify({ accountId: 'a-1' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('asks again under its key until it is told, and is judged by what it was told', async () => {
    const { port } = server.address() as AddressInfo;
    const workload = accountWorkload(async (accepted) =>
      accepted.map(({ accountId }) => ({ kind: 'lost', subject: accountId, detail: 'not in the table' })),
    );
    const accepted = await workload.run(7, new PatientClient(`http://127.0.0.1:${port}`), seededRandom(1));

    expect(accepted).toEqual({ accountId: 'a-1', version: 1 });
    expect(keys).toEqual(['open-7', 'open-7']);
    expect(await workload.judge([accepted])).toEqual({
      totals: { accounts: 1 },
      findings: [{ kind: 'lost', subject: 'a-1', detail: 'not in the table' }],
    });
  });

  it('is what the documentation shows', () => {
    const lines = (text: string): string[] => text.split('\n').map((line) => line.trim());
    const [, shown = ''] = readFileSync(join(root, 'docs/reference/chaos.md'), 'utf8').split('```ts\n');
    const example = lines(shown.split('\n```')[0] ?? '').join('\n');
    expect(example).toContain('Workload<AcceptedAccount>');
    expect(lines(readFileSync(join(__dirname, 'example-workload.ts'), 'utf8')).join('\n')).toContain(example);
  });
});
