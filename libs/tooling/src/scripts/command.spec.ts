import { spawn } from 'node:child_process';
import { join } from 'node:path';

const program = 'process.stdout.write("ready\\n"); setInterval(() => undefined, 1_000)';
const script = `
import { runAttached } from ${JSON.stringify(join(__dirname, 'command.ts'))};
try {
  await runAttached(process.execPath, ['-e', ${JSON.stringify(program)}], { cwd: '.', environment: process.env });
} catch (error) {
  console.log(error.name, error.message);
} finally {
  console.log('tidied up');
}`;

describe('a program that runs on the terminal', () => {
  it('is ended with the process that runs it, which then tidies up', async () => {
    const options = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types', '--input-type=module'];
    const runner = spawn(process.execPath, [...options, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    const closed = new Promise<void>((resolve) => runner.stdout.on('close', resolve));
    runner.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said === 'ready\n') runner.kill('SIGTERM');
    });
    // Closed only once nobody can write to it any more: the program is gone too.
    await closed;
    expect(said).toBe('ready\nUserError ended by SIGTERM\ntidied up\n');
  });
});
