import { execFileSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathLine, wantedEnvironment } from './env.ts';
import { linkPrograms, programs } from './requirements.cjs';
import { loadSettings } from './settings.ts';

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

describe('a shell after make env', () => {
  const terraformOf = (variables: Readonly<Record<string, string>>) => {
    const change = wantedEnvironment(loadSettings('/clone', variables), { kind: 'default' });
    return Object.entries(change).filter(([name]) => name.startsWith('TF_'));
  };

  it('works on the state of this repository', () => {
    expect(terraformOf({}).map(([name]) => name)).toEqual(expect.arrayContaining(['TF_DATA_DIR', 'TF_CLI_ARGS_apply']));
  });

  it('works on the state of the folder it is in for STACK=none, whatever it worked on before', () => {
    expect(terraformOf({ STACK: 'none' })).toEqual([]);
    expect(terraformOf({ STACK: 'none', TF_CLI_ARGS_apply: '-state=/clone/.local/terraform.tfstate' })).toEqual([
      ['TF_CLI_ARGS_apply', undefined],
    ]);
  });
});
