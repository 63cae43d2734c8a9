import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { readOutputs } from './stack-outputs';
import { explainTerraform } from './terraform-output';

/** What Terraform 1.11 prints in a clone that is not initialised: a warning first, then the error, in a box. */
const BOX = `There are some problems with the CLI configuration:
\u2577
\u2502 Warning: Unable to open CLI configuration file
\u2502
\u2502 The CLI configuration file at "/home/me/.terraformrc" does not exist.
\u2575

\u001b[31m\u2577\u001b[0m\u001b[0m
\u001b[31m\u2502\u001b[0m \u001b[0m\u001b[1m\u001b[31mError: \u001b[0m\u001b[0m\u001b[1mRequired plugins are not installed\u001b[0m
\u001b[31m\u2502\u001b[0m \u001b[0m
\u001b[31m\u2502\u001b[0m \u001b[0m\u001b[0mThe installed provider plugins are not consistent with the packages
\u001b[31m\u2502\u001b[0m \u001b[0mselected in the dependency lock file
\u001b[31m\u2575\u001b[0m\u001b[0m
`;

describe('what Terraform can’t tell', () => {
  const explained = (stderr: string, environment = {}) => {
    const { message, reason, hint } = explainTerraform(new Error('Command failed: terraform'), stderr, environment);
    return { message, reason, hint };
  };
  const local = { TF_CLI_ARGS_output: '-state=/clone/.local/terraform.tfstate' };

  it('is told in a line, without the box and its colours', () => {
    expect(explained(BOX)).toEqual({
      message: 'there is no Terraform state to find the stack in',
      reason: 'Required plugins are not installed',
      hint: 'For the local cloud: make up, then eval "$(make -s env)"; for AWS: make init ENV=dev|prod. Or pass --stack FILE',
    });
    expect(explained(BOX, local).hint).toBe('Deploy it: make up');
  });

  it('names the file that belongs to somebody else', () => {
    const stderr = '\nError: Failed to load state\n\nopen /clone/.local/terraform.tfstate: permission denied\n';
    expect(explained(stderr, local)).toMatchObject({
      message: 'no permission for the files of Terraform',
      reason: 'Failed to load state: open /clone/.local/terraform.tfstate: permission denied',
      hint: expect.stringContaining('chown'),
    });
  });

  it('is told in Terraform’s words where it is nothing known, the first error only and not all of it', () => {
    const stderr = `Error: Error loading state\n\n${'AccessDenied: '.repeat(40)}\n\nError: another\n`;
    const { message, reason } = explained(stderr);
    expect(message).toBe('cannot read the Terraform outputs');
    expect(reason).toMatch(/^Error loading state: (AccessDenied: )+.{0,20} …$/);
    expect(reason?.length).toBeLessThan(350);
    expect(explained('').reason).toBe('Command failed: terraform');
    expect(explained(stderr).hint).toBe(
      'Look at what terraform output prints in the folder terraform. Or pass --stack FILE',
    );
    expect(explained(stderr, local).hint).toBe('make up deploys it again. Or pass --stack FILE');
  });
});

describe('the stack as Terraform tells it', () => {
  let bin: string;
  beforeEach(() => (bin = mkdtempSync(join(tmpdir(), 'cli-kit-'))));
  afterEach(() => rmSync(bin, { recursive: true }));
  const load = (environment = {}) =>
    readOutputs(z.object({ api_endpoint: z.string() }), undefined, '/clone', { PATH: bin, ...environment });
  const terraform = (script: string): void => {
    writeFileSync(join(bin, 'terraform'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'terraform'), 0o755);
  };

  it('is asked for without colours', async () => {
    terraform('echo "Error: $*" >&2; exit 1');
    await expect(load()).rejects.toMatchObject({ reason: '-chdir=/clone/terraform output -json -no-color' });
  });

  it('says where Terraform comes from when it is missing', async () => {
    await expect(load()).rejects.toMatchObject({
      message: 'terraform is not installed, or not on PATH',
      hint: expect.stringContaining('https://developer.hashicorp.com/terraform/install'),
    });
  });

  it.each([
    [{}, 'eval "$(make -s env)"'],
    [{ TF_CLI_ARGS_output: '-state=x' }, 'Deploy it: make up'],
  ])('says that nothing is deployed when there are no outputs (environment %j)', async (environment, hint) => {
    terraform('echo {}');
    await expect(load(environment)).rejects.toMatchObject({
      message: 'no stack is deployed: terraform output -json names none',
      hint: expect.stringContaining(hint),
    });
  });
});
