import { execFileSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathLine } from './env.ts';
import { linkPrograms, programs } from './requirements.cjs';

describe('a program of this repository without npx', () => {
  it.each(['/home/me/outbox/bin', "/home/o'brien/my outbox*/bin"])('is on PATH once: %s', (folder) => {
    const script = `${pathLine(folder)}\n${pathLine(folder)}\nprintf %s "$PATH"`;
    expect(execFileSync('/bin/sh', ['-c', script], { env: { PATH: '/my bin:/bin' }, encoding: 'utf8' })).toBe(
      `/my bin:/bin:${folder}`,
    );
  });

  it('is beside the programs of the packages, where npx finds it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'outbox-bin-'));
    linkPrograms(folder);
    linkPrograms(folder);
    const links = programs().map(([name]) => readlinkSync(join(folder, name)));
    expect(links).toEqual(programs().map(([, path]) => join('../..', path)));
    expect(links).toContain('../../apps/outboxctl/bin/outboxctl');
    rmSync(folder, { recursive: true });
  });
});
