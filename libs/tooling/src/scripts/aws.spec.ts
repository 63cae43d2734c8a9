import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aws, awsEnvironment } from './aws.ts';
import type { Settings } from './settings.ts';

describe('make plan, apply, destroy and init against AWS', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'outbox-aws-'));
    await mkdir(join(root, 'terraform', 'environments'), { recursive: true });
    await writeFile(join(root, 'terraform', 'environments', 'dev.tfvars'), '');
    await writeFile(join(root, 'terraform', 'environments', 'local.tfvars'), '');
  });
  afterAll(() => rm(root, { recursive: true }));

  // An empty PATH: whatever got past the refusal would fail otherwise than expected here.
  const settings = (environment: Settings['environment']): Settings => ({
    root,
    localDirectory: join(root, '.local'),
    home: root,
    port: 4566,
    environment: { PATH: '', ...environment },
  });

  it.each(['init', 'plan', 'apply', 'destroy'])('%s refuses a shell that talks to the local cloud', async (command) => {
    const local = settings({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', ENV: 'dev' });

    await expect(aws(local, command)).rejects.toThrow(
      `make ${command} is for AWS, and this shell talks to http://127.0.0.1:4566`,
    );
  });

  it('refuses the variables of the local cloud', async () => {
    await expect(aws(settings({ ENV: 'local' }), 'apply')).rejects.toThrow('use make up and make down');
  });

  it.each(['staging', '../dev', 'dev.tfvars'])('refuses ENV=%s, which names no environment', async (ENV) => {
    await expect(aws(settings({ ENV }), 'apply')).rejects.toThrow(`ENV=${ENV}: there is no terraform/environments/`);
  });

  it('leaves what the shell says of the account, and of variables, to Terraform', async () => {
    const own = {
      AWS_PROFILE: 'development',
      AWS_CONFIG_FILE: '/home/ada/config',
      AWS_ENDPOINT_URL_S3: 'https://vpce.example',
      TF_VAR_name_prefix: 'mine',
      TF_CLI_ARGS_plan: '-compact-warnings',
      TF_CLI_CONFIG_FILE: __filename,
    };

    const { environment } = await awsEnvironment(settings({ ENV: 'dev', ...own }), 'plan');

    expect(environment).toMatchObject(own);
  });
});
