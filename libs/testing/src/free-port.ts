import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what operating systems hand out for outgoing connections: a port found free stays free but for its like. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * A port on loopback that nothing listens on.
 * @throws when a hundred tries find none
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port found between ${LOWEST} and ${HIGHEST}`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
