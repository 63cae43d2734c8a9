import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  enter,
  localAccess,
  localEnvironment,
  ownVariablesFile,
  partnersVariablesFile,
  shellLines,
  variablesNotTaken,
} from './local-environment.ts';
import type { Settings } from './settings.ts';

const settings: Settings = {
  root: "/home/o'brien/my outbox",
  localDirectory: "/home/o'brien/my outbox/.local",
  home: "/home/o'brien",
  port: 4600,
  // A shell that leads to a real account, with a missing configuration; `make` inherits what it exports.
  environment: {
    PATH: process.env['PATH'],
    AWS_PROFILE: 'production',
    AWS_SESSION_TOKEN: 'x',
    TF_WORKSPACE: 'prod',
    TF_CLI_CONFIG_FILE: '/is/not/there',
  },
};

/** What such a shell has after `eval`. */
function afterEval(lines: string, start = settings.environment): Record<string, string> {
  const print = 'process.stdout.write(JSON.stringify(process.env))';
  const script = 'eval "$1"; exec "$2" -e "$3"';
  const args = ['-c', script, 'sh', lines, process.execPath, print];
  return JSON.parse(execFileSync('sh', args, { env: start as NodeJS.ProcessEnv, encoding: 'utf8' })) as Record<
    string,
    string
  >;
}

describe('make env', () => {
  const environment = afterEval(shellLines(localEnvironment(settings, { kind: 'default' })));

  it('points every AWS tool at the local cloud, with its fixed credentials', () => {
    expect(environment).toMatchObject({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4600',
      AWS_ACCESS_KEY_ID: '000000000000',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: 'us-east-1',
    });
  });

  it('leaves nothing that leads to another account, workspace or missing configuration', () => {
    const names = Object.keys(environment);

    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'TF_WORKSPACE', 'TF_CLI_CONFIG_FILE']) {
      expect(names).not.toContain(name);
    }
  });

  it('keeps state and data of Terraform in the folder of the local cloud, whatever its name', () => {
    expect(environment['TF_DATA_DIR']).toBe(`${settings.localDirectory}/terraform`);
    // Terraform splits its arguments as a shell does, so a shell may check them.
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${environment['TF_CLI_ARGS_apply']}`], {
      encoding: 'utf8',
    });
    expect(words.trimEnd().split('\n')).toEqual([
      `-state=${settings.localDirectory}/terraform.tfstate`,
      `-var-file=${settings.root}/terraform/environments/local.tfvars`,
    ]);
  });

  it("names the CLI configuration that was found, also over the user's missing one", () => {
    const found = afterEval(shellLines(localEnvironment(settings, { kind: 'file', path: '/found/terraform.rc' })));

    expect(found['TF_CLI_CONFIG_FILE']).toBe('/found/terraform.rc');
  });

  it('says which variables it unsets, and no value', () => {
    const lines = shellLines(localEnvironment(settings, { kind: 'default' })).split('\n');

    expect(lines.slice(-2)).toEqual([
      'unset AWS_PROFILE AWS_SESSION_TOKEN TF_WORKSPACE TF_CLI_CONFIG_FILE',
      '# Unset, as they may lead elsewhere: AWS_PROFILE, AWS_SESSION_TOKEN, TF_WORKSPACE, TF_CLI_CONFIG_FILE',
    ]);
  });

  it('has nothing to unset, and changes nothing, in a shell that has done it', () => {
    const again = { ...settings, environment };
    const lines = shellLines(localEnvironment(again, { kind: 'default' }));

    expect(lines).not.toMatch(/unset|#/);
    expect(afterEval(lines, environment)).toEqual(environment);
  });

  it('unsets only what a shell can hold: it ends at a name that is none', () => {
    const odd = { ...settings, environment: { 'AWS_X; touch /tmp/x': '1', 'AWS_X\nfalse': '1', 'TF_VAR_a-b': '1' } };

    expect(shellLines(localEnvironment(odd, { kind: 'default' }))).not.toMatch(/touch|false$|a-b|unset/m);
  });

  it("lets variables of the local cloud's folder follow those of local.tfvars, the user's own last", () => {
    const localDirectory = mkdtempSync(join(tmpdir(), 'outbox-local-'));
    const own = { ...settings, localDirectory };
    writeFileSync(ownVariablesFile(own), 'encryption_key = "create"\n');
    writeFileSync(partnersVariablesFile(own), 'mail_url = "http://127.0.0.1:4567"\n');

    expect(localEnvironment(own, { kind: 'default' })['TF_CLI_ARGS_plan']).toMatch(
      new RegExp(
        `local\\.tfvars'? -var-file=${localDirectory}/partners\\.tfvars -var-file=${localDirectory}/own\\.tfvars$`,
      ),
    );
    rmSync(localDirectory, { recursive: true });
  });
});

describe('values of Terraform variables in the shell', () => {
  it('are not taken for the local stack, which tells so and where it takes them', () => {
    expect(variablesNotTaken(settings)).toBe('');
    expect(variablesNotTaken({ ...settings, environment: { TF_VAR_region: 'x', TF_VAR_name_prefix: 'y' } })).toBe(
      `not taken from the shell: TF_VAR_name_prefix, TF_VAR_region (values for the local stack go into ${settings.localDirectory}/own.tfvars)`,
    );
  });
});

describe('a process that calls the local cloud itself', () => {
  it('holds what leads there, and nothing that leads elsewhere', () => {
    const before = { ...process.env };
    try {
      process.env['AWS_USE_FIPS_ENDPOINT'] = 'true';
      enter(localAccess({ ...settings, environment: process.env }, { kind: 'default' }));

      expect(process.env['AWS_USE_FIPS_ENDPOINT']).toBeUndefined();
      expect(process.env['AWS_ENDPOINT_URL']).toBe('http://127.0.0.1:4600');
    } finally {
      process.env = before;
    }
  });
});
