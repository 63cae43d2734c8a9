import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { aws, awsEnvironment } from './aws.ts';
import { serveS3, type FakeS3 } from './fake-s3.ts';
import type { Settings } from './settings.ts';

const repository = join(__dirname, '..', '..', '..', '..');
const account = '111122223333';

describe('an environment whose state is in S3', () => {
  let root: string;
  let s3: FakeS3;
  let settings: Settings;
  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'outbox-s3-')));
    s3 = await serveS3(account);
    const terraform = join(root, 'terraform');
    await mkdir(join(terraform, 'environments'), { recursive: true });
    await cp(join(repository, 'terraform', 'backend.tf.example'), join(terraform, 'backend.tf.example'));
    await writeFile(
      join(terraform, 'main.tf'),
      'variable "environment" {}\noutput "name" { value = var.environment }\n',
    );
    await writeFile(join(terraform, '.terraform.lock.hcl'), '');
    await writeFile(join(root, 'terraform.rc'), '');
    for (const name of ['dev', 'staging', 'prod']) {
      await writeFile(join(terraform, 'environments', `${name}.tfvars`), `environment = "${name}"\n`);
    }
    const example = await readFile(join(repository, 'terraform', 'environments', 's3.tfbackend.example'), 'utf8');
    // An endpoint that is no AWS one takes the bucket as part of the path.
    await writeFile(join(terraform, 'environments', 'dev.s3.tfbackend'), `${example}\nuse_path_style = true\n`);
    settings = {
      root,
      localDirectory: join(root, '.local'),
      home: root,
      port: 4566,
      environment: {
        PATH: process.env['PATH'],
        HOME: root,
        ENV: 'dev',
        TF_CLI_CONFIG_FILE: join(root, 'terraform.rc'),
        TF_CLI_ARGS_init: '-no-color -input=false',
        CHECKPOINT_DISABLE: '1',
        AWS_ENDPOINT_URL_S3: s3.url,
        AWS_ENDPOINT_URL_STS: s3.url,
        AWS_ACCESS_KEY_ID: 'AKIADEPLOY',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    };
  });
  afterAll(async () => {
    await s3.close();
    await rm(root, { recursive: true });
  });

  it('is kept in its bucket, locked by S3 while Terraform works', async () => {
    expect(await aws(settings, 'init')).toBe(0);
    const { environment, root: prepared } = await awsEnvironment(settings, 'apply');
    const apply = ['apply', '-auto-approve', '-input=false', '-no-color', '-var-file=environments/dev.tfvars'];
    await promisify(execFile)('terraform', [`-chdir=${prepared.folder}`, ...apply], { env: environment });

    const state = '/my-terraform-state/outbox/dev.tfstate';
    expect(String(s3.objects.get(state))).toContain('"value": "dev"');
    expect(s3.requests.filter(({ method }) => method === 'PUT' || method === 'DELETE')).toEqual([
      { method: 'PUT', path: `${state}.tflock`, ifNoneMatch: '*' },
      { method: 'PUT', path: state, ifNoneMatch: undefined },
      { method: 'DELETE', path: `${state}.tflock`, ifNoneMatch: undefined },
    ]);
  }, 60_000);

  it('leaves terraform/, where the local cloud works, without a backend', async () => {
    await awsEnvironment(settings, 'plan');

    expect(existsSync(join(root, 'terraform', 'backend.tf'))).toBe(false);
    expect(existsSync(join(root, 'terraform', '.terraform'))).toBe(false);
  });

  it('follows what terraform/ holds', async () => {
    const { root: prepared } = await awsEnvironment(settings, 'plan');
    await writeFile(join(root, 'terraform', 'added.tf'), '# here');
    await awsEnvironment(settings, 'plan');
    expect(await readFile(join(prepared.folder, 'added.tf'), 'utf8')).toBe('# here');
    await rm(join(root, 'terraform', 'added.tf'));
    await awsEnvironment(settings, 'plan');
    expect(existsSync(join(prepared.folder, 'added.tf'))).toBe(false);
    expect(existsSync(join(prepared.folder, '.terraform'))).toBe(true);
  });

  it('is not the way of an environment without a file for its backend', async () => {
    const local = await awsEnvironment(
      { ...settings, environment: { ...settings.environment, ENV: 'staging' } },
      'plan',
    );

    expect(local.root).toEqual({ folder: join(root, 'terraform'), initArgs: [], workspace: 'staging' });
    expect(local.environment['TF_WORKSPACE']).toBe('staging');
  });

  it.each(['init', 'plan', 'apply', 'destroy'])('is what %s of production refuses to do without', async (command) => {
    const production = { ...settings, environment: { ...settings.environment, ENV: 'prod' } };
    await expect(aws(production, command)).rejects.toThrow(
      'ENV=prod has no terraform/environments/prod.s3.tfbackend: its state would lie on this machine only',
    );
  });

  it('is refused beside a backend.tf', async () => {
    await writeFile(join(root, 'terraform', 'backend.tf'), '');
    await expect(awsEnvironment(settings, 'plan')).rejects.toThrow('Remove backend.tf.');
    await rm(join(root, 'terraform', 'backend.tf'));
  });

  it('applies a plan that was made before as it is, and refuses one that is not there', async () => {
    const missing = { ...settings, environment: { ...settings.environment, PLAN: '.local/plans/none.tfplan' } };
    await expect(aws(missing, 'apply')).rejects.toThrow('PLAN=.local/plans/none.tfplan: there is no such file');
  });
});
