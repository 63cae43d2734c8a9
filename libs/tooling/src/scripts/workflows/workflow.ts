import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

export interface Job {
  /** A workflow that is called, in place of steps. */
  readonly uses?: string;
  readonly needs?: string;
  readonly if?: string;
  readonly 'timeout-minutes'?: number;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps?: readonly Step[];
}

/** What we read of a file in `.github/workflows`. */
export interface Workflow {
  /** `on`: YAML 1.1 reads the word as a boolean. */
  readonly true: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** YAML files as JSON has them, in their order. Terraform, which the repository needs anyway, knows YAML. */
export function readYaml(files: readonly string[]): readonly unknown[] {
  const empty = mkdtempSync(join(tmpdir(), 'workflows-'));
  try {
    const expression = `jsonencode([for file in ${JSON.stringify(files)} : yamldecode(file(file))])`;
    const printed = execFileSync('terraform', ['console'], {
      cwd: empty,
      env: { ...process.env, CHECKPOINT_DISABLE: '1' },
      input: expression,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return JSON.parse(JSON.parse(printed) as string) as readonly unknown[];
  } finally {
    rmSync(empty, { recursive: true });
  }
}
