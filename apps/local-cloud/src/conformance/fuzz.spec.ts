import { execFileSync } from 'node:child_process';
import { Agent, request as httpRequest } from 'node:http';
import { seededRandom } from '@outbox/testing';
import { services } from '../testing/services';
import { startEngineProcess, type EngineProcess } from './engine-process';
import { createFunction, createQueue, createTable } from './fixtures';
import { RequestGenerator, type FuzzRequest } from './fuzz/requests';
import { clientsOf, newAccount } from './cloud';

/** How many requests: FUZZ_REQUESTS=10000 is the long run. FUZZ_SEED repeats one. */
const COUNT = Number(process.env['FUZZ_REQUESTS'] ?? 2_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_124);
const AT_ONCE = 8;
const DEADLINE_MS = 45_000;

/** How much more than after the first part a process may hold at the end, in kilobytes: what the run itself created. */
const ROOM_KB = 120 * 1024;

jest.setTimeout(1_200_000);

/** Malformed requests to every operation of every service, against the engine as a process. */
describe('whatever is sent to the local cloud', () => {
  let engine: EngineProcess;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const account = newAccount();

  beforeAll(async () => {
    engine = await startEngineProcess();
    const clients = clientsOf(account, engine.origin);
    await createTable(clients, 'tab', ['1']);
    await createQueue(clients, 'q');
    await createFunction(clients, 'f');
  });

  afterAll(async () => {
    agent.destroy();
    await engine.stop();
  });

  it(`is answered in time by no server error, and leaves memory as it was (seed ${SEED})`, async () => {
    const generator = new RequestGenerator(services(), new URL(engine.origin), account, seededRandom(SEED));
    const statuses: Record<string, number> = {};
    const failures: string[] = [];
    let left = COUNT;
    let settledKb = 0;
    const work = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        if (left === Math.floor(COUNT / 2)) settledKb = residentKb(engine.pid);
        const one = await generator.next(new Date());
        const outcome = await send(engine.origin, agent, one);
        statuses[outcome.status] = (statuses[outcome.status] ?? 0) + 1;
        if (isFine(outcome)) continue;
        const sent = one.body.subarray(0, 300).toString('utf8');
        failures.push(`${one.what}: ${outcome.status} ${outcome.body.slice(0, 300)} for ${one.path} ${sent}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const endKb = residentKb(engine.pid);
    if (process.env['FUZZ_REPORT'] === '1') {
      process.stderr.write(`${COUNT} requests, seed ${SEED}: ${JSON.stringify({ statuses, settledKb, endKb })}\n`);
    }
    expect(failures).toEqual([]);
    expect(engine.log().split('\n').filter(isDefect)).toEqual([]);
    expect(endKb - settledKb).toBeLessThan(ROOM_KB);
  });
});

interface Outcome {
  readonly status: number;
  readonly body: string;
}

/** AWS answers what a client did wrong with 4xx, and so does the local cloud for what it does not run. */
function isFine({ status }: Outcome): boolean {
  return status < 500;
}

/** A line of the engine's log that tells of a defect, whatever the client was answered. */
function isDefect(line: string): boolean {
  return line.includes('a request failed inside the local cloud');
}

/** The answer; status 599 when there is none in time. */
function send(origin: string, agent: Agent, { method, path, headers, body }: FuzzRequest): Promise<Outcome> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(origin);
    const sent = httpRequest(
      { hostname, port, method, path, agent, headers: { ...headers, 'content-length': body.byteLength } },
      (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    sent.setTimeout(DEADLINE_MS, () => sent.destroy(new Error('no answer in time')));
    sent.on('error', (error) => resolve({ status: 599, body: error.message }));
    sent.end(body);
  });
}

/** Memory a process really holds, in kilobytes. */
function residentKb(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim());
}
