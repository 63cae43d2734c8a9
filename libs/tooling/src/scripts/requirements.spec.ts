import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { awsCli, isAtLeast, versionIn } from './requirements.cjs';

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

  it('finds the version of a Java that first tells of options in the environment', () => {
    writeFileSync(
      join(bin, 'java'),
      `#!/bin/sh\necho 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g' >&2\necho 'openjdk version "17.0.15" 2025-04-15' >&2\n`,
    );
    chmodSync(join(bin, 'java'), 0o755);

    expect(preflight('java')).toMatchObject({ status: 0, stderr: '' });
  });

  it('prints nothing when all is there: its output is evaluated by a shell', () => {
    fake('java', 'openjdk version "17.0.15" 2025-04-15');

    expect(preflight('java')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });
});

describe('the AWS CLI of this machine', () => {
  let bin: string;
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'outbox-bin-'));
  });
  afterEach(() => rmSync(bin, { recursive: true }));

  const install = (script: string): void => {
    writeFileSync(join(bin, 'aws'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'aws'), 0o755);
  };

  it.each([
    ['aws-cli/2.9.19 Python/3.11.2 Linux/6.1', true, /^aws-cli\/2\.9\.19 is too old: .*--endpoint-url.* get 2\.13/],
    ['aws-cli/2.13.0 Python/3.11.4 Linux/6.1', false, /^aws-cli\/2\.13\.0$/],
    ['aws-cli/1.28.99 Python/3.9.2', true, /is too old/],
    ['aws-cli/1.45.11 Python/3.11.7 Linux/6.18', true, /^aws-cli\/1\.45\.11 ignores AWS_ENDPOINT_URL for SQS/],
  ])('%s calls AWS after make env: %j', (printed, callsAws, text) => {
    install(`echo '${printed}'`);

    expect(awsCli({ PATH: bin })).toEqual({ callsAws, found: true, text: expect.stringMatching(text) as unknown });
  });

  it('is optional', () => {
    expect(awsCli({ PATH: bin })).toEqual({
      callsAws: false,
      found: false,
      text: 'optional, not found: https://aws.amazon.com/cli',
    });
  });

  it('may be a script that fails', () => {
    install("echo 'pyenv: aws: command not found' >&2; exit 127");

    expect(awsCli({ PATH: bin })).toEqual({
      callsAws: false,
      found: false,
      text: 'optional, found but it fails to run: pyenv: aws: command not found',
    });
  });

  it.each([
    ["echo 'aws-cli/2.9.19'", 'BEWARE   aws        aws-cli/2.9.19 is too old'],
    ["echo 'aws-cli/2.31.0'", 'ok       aws        aws-cli/2.31.0'],
    ['exit 3', '-        aws        optional, found but it fails to run'],
  ])('make doctor tells of it (%s), and fails for other reasons only', (script, line) => {
    install(script);
    const doctor = (PATH: string) =>
      spawnSync(process.execPath, [join(__dirname, 'doctor.cjs')], { env: { ...process.env, PATH }, encoding: 'utf8' });

    const { stdout, status } = doctor([bin, process.env['PATH']].join(delimiter));

    expect(stdout).toContain(`\n${line}`);
    expect(status).toBe(stdout.includes('MISSING') ? 1 : 0);
  });
});
