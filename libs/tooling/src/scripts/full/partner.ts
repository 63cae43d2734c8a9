import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A partner's API on this machine: it takes everything, and keeps the idempotency keys. */
export async function startPartner() {
  const calls: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    calls.push(request.headers['idempotency-key']?.toString());
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"accepted":true}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, calls, stop: () => server.close() };
}
