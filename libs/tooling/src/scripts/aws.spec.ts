import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aws } from './aws.ts';
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
});
