import { execFileSync } from 'node:child_process';
import { localEnvironment, shellLines } from './local-environment.ts';
import type { Settings } from './settings.ts';

const settings: Settings = {
  root: "/home/o'brien/my outbox",
  localDirectory: "/home/o'brien/my outbox/.local",
  home: "/home/o'brien",
  port: 4600,
  environment: { TF_CLI_CONFIG_FILE: '/is/not/there' },
};

/** What a shell has after `eval`, starting from variables that lead to a real account. */
function afterEval(lines: string): Record<string, string> {
  const start = { PATH: process.env['PATH'], AWS_PROFILE: 'production', AWS_SESSION_TOKEN: 'x', TF_WORKSPACE: 'prod' };
  const print = 'process.stdout.write(JSON.stringify(process.env))';
  const script = 'eval "$1"; exec "$2" -e "$3"';
  const args = ['-c', script, 'sh', lines, process.execPath, print];
  return JSON.parse(execFileSync('sh', args, { env: start, encoding: 'utf8' })) as Record<string, string>;
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
});
