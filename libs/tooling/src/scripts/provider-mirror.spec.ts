import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliConfiguration } from './provider-mirror.ts';
import type { Settings } from './settings.ts';

const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
const provider = 'registry.terraform.io/hashicorp/aws';

describe('where Terraform finds the AWS provider', () => {
  let directory: string;
  let settings: Settings;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'outbox-mirror-'));
    await mkdir(join(directory, 'clone', 'terraform'), { recursive: true });
    await writeFile(
      join(directory, 'clone', 'terraform', '.terraform.lock.hcl'),
      `provider "${provider}" {\n  version     = "5.100.0"\n  constraints = "~> 5.100"\n}\n`,
    );
    settings = {
      root: join(directory, 'clone'),
      localDirectory: join(directory, 'clone', '.local'),
      home: join(directory, 'home'),
      port: 4566,
      environment: { XDG_DATA_DIRS: join(directory, 'share') },
    };
  });
  afterEach(() => rm(directory, { recursive: true }));

  const withEnvironment = (environment: Settings['environment']): Settings => ({
    ...settings,
    environment: { ...settings.environment, ...environment },
  });
  const mirrorIn = (folder: string, version = '5.100.0'): Promise<unknown> =>
    mkdir(join(folder, provider, version, platform), { recursive: true });

  it("is the user's own CLI configuration when that exists", async () => {
    const own = join(directory, 'own.rc');
    await writeFile(own, '');

    expect(await cliConfiguration(withEnvironment({ TF_CLI_CONFIG_FILE: own }), [])).toEqual({
      kind: 'file',
      path: own,
    });
  });

  it('is a mirror found below a usual place, with which nothing is asked of the registry', async () => {
    await mirrorIn(join(directory, 'opt', 'vendor', 'plugins'));

    const found = await cliConfiguration(withEnvironment({ TF_CLI_CONFIG_FILE: '/is/not/there' }), [
      join(directory, 'missing'),
      join(directory, 'opt'),
    ]);

    expect(found).toEqual({
      kind: 'file',
      path: join(settings.localDirectory, 'terraform.rc'),
      mirror: join(directory, 'opt', 'vendor', 'plugins'),
    });
    const text = await readFile(join(settings.localDirectory, 'terraform.rc'), 'utf8');
    expect(text).toContain(`path    = "${join(directory, 'opt', 'vendor', 'plugins')}"`);
    expect(text).toContain(`exclude = ["${provider}"]`);
  });

  it('passes over a mirror that holds another version', async () => {
    await mirrorIn(join(directory, 'opt'), '5.99.0');

    expect(await cliConfiguration(settings, [join(directory, 'opt')])).toEqual({ kind: 'default' });
  });

  it('takes a packed mirror named by TF_PLUGIN_MIRROR', async () => {
    const mirror = join(directory, 'packed');
    await mkdir(join(mirror, provider), { recursive: true });
    await writeFile(join(mirror, provider, `terraform-provider-aws_5.100.0_${platform}.zip`), '');

    const found = await cliConfiguration(withEnvironment({ TF_PLUGIN_MIRROR: mirror }), []);

    expect(found).toMatchObject({ kind: 'file', mirror });
  });

  it('refuses a TF_PLUGIN_MIRROR without the provider', async () => {
    await expect(cliConfiguration(withEnvironment({ TF_PLUGIN_MIRROR: directory }), [])).rejects.toThrow(
      `TF_PLUGIN_MIRROR=${directory} holds no ${provider} 5.100.0`,
    );
  });

  it('is left to Terraform when one of its own folders holds it', async () => {
    await mirrorIn(join(directory, 'share', 'terraform', 'plugins'));
    await mirrorIn(join(directory, 'opt'));

    expect(await cliConfiguration(settings, [join(directory, 'opt')])).toEqual({ kind: 'default' });
  });
});
