import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from './settings.ts';

/** What makes the AWS provider wait for any number of Terraform commands, one after the other or side by side. */
export const debugMode: readonly string[] = ['-debug'];

/** In that mode it writes down every call it gets and makes, unless told not to: hundreds of kilobytes a second. */
export const quietly: Readonly<Record<string, string>> = { TF_LOG_SDK: 'off', TF_LOG_PROVIDER_AWS: 'off' };

/** The value of TF_REATTACH_PROVIDERS, by which Terraform finds it, if this is the text that the provider tells it in. */
export function reattachIn(text: string): string | undefined {
  return /TF_REATTACH_PROVIDERS='(.+)'/.exec(text)?.[1];
}

/**
 * The program of the AWS provider that `terraform init` installed in `dataDirectory`: Terraform keeps a provider under its
 * source address, version and platform.
 * @throws UserError when it is not there
 */
export function providerProgram(dataDirectory: string): string {
  let folder = join(dataDirectory, 'providers', 'registry.terraform.io', 'hashicorp', 'aws');
  for (const level of ['version', 'platform']) {
    const [first] = readdirSync(folder);
    if (first === undefined) throw new UserError(`${folder} holds no ${level} of the AWS provider: run terraform init`);
    folder = join(folder, first);
  }
  const program = readdirSync(folder).find((file) => file.startsWith('terraform-provider-aws'));
  if (program === undefined) throw new UserError(`${folder} holds no AWS provider: run terraform init`);
  return join(folder, program);
}
