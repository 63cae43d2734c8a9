import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { root, run } from './target';

/** A resource that a plan would change. */
export interface PlannedChange {
  readonly address: string;
  readonly action: string;
}

/** Each function's live and newest version, by app. */
export type FunctionVersions = Readonly<Record<string, { readonly live: string; readonly newest: string }>>;

export function functionVersions(): FunctionVersions {
  return JSON.parse(
    run('terraform', ['-chdir=terraform', 'output', '-json', 'function_versions']).stdout,
  ) as FunctionVersions;
}

/** A copy of the zips as they were built, for `artifacts_dir`; under `directory`, which the caller removes. */
export function copyOfArtifacts(directory: string): string {
  const folder = mkdtempSync(join(directory, 'artifacts-'));
  cpSync(join(root, 'dist', 'apps'), folder, {
    recursive: true,
    filter: (path) => !/\.js(\.map)?$/.test(path),
  });
  return folder;
}

/** Gives an app's zip in the folder other code that does the same: another for each label. */
export function changeCode(folder: string, app: string, label: string): void {
  const files = unzipSync(readFileSync(join(root, 'dist', 'apps', app, `${app}.zip`)));
  const code = files['index.js'];
  if (code === undefined) throw new Error(`the zip of ${app} holds no index.js`);
  const changed = { ...files, 'index.js': strToU8(`${strFromU8(code)}\n// ${label}\n`) };
  writeFileSync(join(folder, app, `${app}.zip`), zipSync(changed, { mtime: new Date(1980, 0, 1) }));
}

/** Variables of a plan or an apply, beside those of the environment. */
export type Variables = Readonly<Record<string, unknown>>;

/** What `terraform plan` would change: addresses and actions. What is deployed is taken to be as Terraform left it. */
export function planned(variables: Variables): readonly PlannedChange[] {
  const plan = run('terraform', [
    '-chdir=terraform',
    'plan',
    '-json',
    '-refresh=false',
    '-input=false',
    ...toArgs(variables),
  ]);
  return plan.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { type: string; change?: { resource: { addr: string }; action: string } })
    .flatMap(({ type, change }) =>
      type === 'planned_change' && change !== undefined
        ? [{ address: change.resource.addr, action: change.action }]
        : [],
    )
    .sort((a, b) => a.address.localeCompare(b.address));
}

/**
 * `terraform apply` while this process does other things. What is deployed is taken to be as Terraform left it.
 * @param replaced addresses of what is replaced though nothing of it changed
 * @throws with Terraform's output when it fails
 */
export function apply(variables: Variables, replaced: readonly string[] = []): Promise<void> {
  const options = ['-auto-approve', '-refresh=false', '-input=false', '-no-color', '-parallelism=30'];
  const replace = replaced.map((address) => `-replace=${address}`);
  const args = ['-chdir=terraform', 'apply', ...options, ...replace, ...toArgs(variables)];
  const child = spawn('terraform', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`terraform apply exited ${code}\n${output.join('')}`));
    });
  });
}

function toArgs(variables: Variables): readonly string[] {
  return Object.entries(variables).map(
    ([name, value]) => `-var=${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}
