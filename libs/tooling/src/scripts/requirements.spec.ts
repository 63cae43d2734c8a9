import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAtLeast, versionIn } from './requirements.cjs';

describe('versions of programs', () => {
  it.each([
    ['v20.19.0', [20, 19], true],
    ['v22.0.0', [20, 19], true],
    ['v20.18.3', [20, 19], false],
    ['v18.20.4', [20, 19], false],
    ['openjdk version "17.0.15" 2025-04-15', [17], true],
    ['java version "1.8.0_392"', [17], false],
    ['openjdk version "21" 2023-09-19', [17], true],
    ['Terraform v1.11.4', [1, 11], true],
    ['Terraform v1.9.8', [1, 11], false],
  ])('%s is %j or later: %s', (text, wanted, expected) => {
    expect(isAtLeast(versionIn(text) ?? [], wanted)).toBe(expected);
  });
});

describe('the check before anything else', () => {
  let bin: string;
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'outbox-bin-'));
    symlinkSync(process.execPath, join(bin, 'node'));
  });
  afterEach(() => rmSync(bin, { recursive: true }));

  const fake = (name: string, output: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\necho '${output}'\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const preflight = (...names: readonly string[]) =>
    spawnSync(process.execPath, [join(__dirname, 'preflight.cjs'), ...names], { env: { PATH: bin }, encoding: 'utf8' });

  it('says in one line that a program is missing and where it comes from', () => {
    const { status, stderr, stdout } = preflight('terraform');

    expect({ status, stdout, lines: stderr.trim().split('\n') }).toEqual({
      status: 1,
      stdout: '',
      lines: ['terraform: not found, needs Terraform 1.11 or later: https://developer.hashicorp.com/terraform/install'],
    });
  });

  it('says in one line that a program is too old', () => {
    fake('java', 'openjdk version "11.0.2" 2019-01-15');

    const { status, stderr } = preflight('java');

    expect(status).toBe(1);
    expect(stderr).toMatch(/^java: found "openjdk version "11\.0\.2".*needs Java 17 or later.*\n$/);
  });

  it('prints nothing when all is there: its output is evaluated by a shell', () => {
    fake('java', 'openjdk version "17.0.15" 2025-04-15');

    expect(preflight('java')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });
});
