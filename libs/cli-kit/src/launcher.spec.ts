import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A clone that holds what `bin/outboxctl` needs, its program one that tells how it was started. */
const PROGRAM = `console.log(JSON.stringify([process.pid, ...process.argv.slice(2)])); process.exitCode = 7`;

describe('bin/outboxctl', () => {
  let clone: string;
  const launcher = () => join(clone, 'apps', 'outboxctl', 'bin', 'outboxctl');
  const program = () => join(clone, 'dist', 'apps', 'outboxctl', 'main.js');
  const start = (command: string, ...args: string[]) => spawnSync(command, args, { cwd: tmpdir(), encoding: 'utf8' });

  beforeEach(() => {
    clone = realpathSync(mkdtempSync(join(tmpdir(), 'out box-')));
    for (const file of [launcher(), program(), join(clone, 'node_modules', '.bin', 'node')]) {
      mkdirSync(dirname(file), { recursive: true });
    }
    copyFileSync(join(__dirname, '..', 'bin', 'outboxctl'), launcher());
    symlinkSync(process.execPath, join(clone, 'node_modules', '.bin', 'node'));
    writeFileSync(program(), PROGRAM);
  });
  afterEach(() => rmSync(clone, { recursive: true }));

  it('becomes the program: no process in between to end alone', () => {
    const { pid, stdout, status } = start(launcher(), 'order', 'two words');
    expect([JSON.parse(stdout), status]).toEqual([[pid, 'order', 'two words'], 7]);
  });

  it('finds its clone through links, as npm and users make them', () => {
    const [relative, absolute] = ['relative', 'absolute'].map((name) => join(clone, 'node_modules', '.bin', name));
    symlinkSync('../../apps/outboxctl/bin/outboxctl', String(relative));
    symlinkSync(String(relative), String(absolute));
    expect(start(String(absolute)).status).toBe(7);
  });

  it('finds its clone through a linked folder, and from the name alone of a link in the current one', () => {
    const folder = join(clone, 'linked');
    symlinkSync(dirname(launcher()), folder);
    expect(start(join(folder, 'outboxctl')).status).toBe(7);
    symlinkSync('apps/outboxctl/bin/outboxctl', join(clone, 'o'));
    expect(spawnSync('sh', ['o'], { cwd: clone }).status).toBe(7);
  });

  it('says what to do in a clone without packages', () => {
    rmSync(join(clone, 'node_modules'), { recursive: true });
    expect(start(launcher())).toMatchObject({ status: 1, stderr: expect.stringContaining(`run 'npm ci' in ${clone}`) });
  });
});
