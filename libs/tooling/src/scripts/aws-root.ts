import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Settings, UserError } from './settings.ts';

/** The folder Terraform works in for an environment, and how its state is found. */
export interface AwsRoot {
  readonly folder: string;
  /** What `terraform init` gets beside its usual arguments. */
  readonly initArgs: readonly string[];
  /** Where state is local, each environment's is a workspace. */
  readonly workspace: string | undefined;
}

/** What may lie in terraform/ and is not for an environment with a state of its own elsewhere. */
const left = /^(backend\.tf|backend\.tf\.example|\.terraform|terraform\.tfstate.*|.*\.tfplan)$/;

/**
 * Without `environments/<ENV>.s3.tfbackend` that is terraform/ itself, with the state beside it. With it, a folder of the
 * environment's own in `.local/aws`: terraform/ by links, and the S3 backend of backend.tf.example. So the local cloud,
 * which works in terraform/, never meets that backend, and what is initialised for one environment is never used for another.
 * @throws UserError when production has no such file, or terraform/backend.tf is there too
 */
export async function awsRoot(settings: Settings, environment: string): Promise<AwsRoot> {
  const source = join(settings.root, 'terraform');
  const configuration = join(source, 'environments', `${environment}.s3.tfbackend`);
  if (!existsSync(configuration)) {
    if (environment.startsWith('prod')) {
      throw new UserError(
        `ENV=${environment} has no terraform/environments/${environment}.s3.tfbackend: its state would lie on this machine only, and be gone with it. Make one from environments/s3.tfbackend.example (docs/runbooks/environments.md).`,
      );
    }
    return { folder: source, initArgs: [], workspace: environment };
  }
  if (existsSync(join(source, 'backend.tf'))) {
    throw new UserError(
      `terraform/backend.tf is there, and so is environments/${environment}.s3.tfbackend: make takes the backend from backend.tf.example. Remove backend.tf.`,
    );
  }
  const folder = join(settings.root, '.local', 'aws', environment);
  await link(source, folder);
  await writeFile(join(folder, 'backend.tf'), await readFile(join(source, 'backend.tf.example')));
  // `artifacts_dir` starts at ../dist, whose path is part of the plan: it must be the same on every machine.
  await relink(join(settings.root, 'dist'), join(settings.root, '.local', 'aws', 'dist'));
  // The configuration reads the events' contract in ../libs.
  await relink(join(settings.root, 'libs'), join(settings.root, '.local', 'aws', 'libs'));
  return { folder, initArgs: [`-backend-config=${configuration}`], workspace: undefined };
}

/** `folder` holds links to what `source` holds now, and keeps what Terraform put there. */
async function link(source: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const entries = (await readdir(source)).filter((entry) => !left.test(entry));
  for (const old of await readdir(folder)) {
    const path = join(folder, old);
    if ((await lstat(path)).isSymbolicLink() && !entries.includes(old)) await rm(path);
  }
  for (const entry of entries) await relink(join(source, entry), join(folder, entry));
}

async function relink(target: string, path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await rm(path, { force: true });
  await symlink(relative(join(path, '..'), target), path);
}
