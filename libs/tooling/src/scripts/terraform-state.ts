import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './settings.ts';

/** What these scripts read of a file of Terraform's state. */
interface StateFile {
  readonly lineage: string;
  readonly serial: number;
  readonly resources: readonly {
    readonly module?: string;
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly index_key?: string | number; readonly status?: string }[];
  }[];
}

/** Where Terraform keeps the state as it was before the last change. */
export function backupFile(settings: Settings): string {
  return `${stateFile(settings)}.backup`;
}

/** The state of a local stack: the addresses of its resources, or that its file is not there or makes no sense. */
export type TerraformState = ReadonlySet<string> | 'missing' | 'unreadable';

export function stateFile({ localDirectory }: Settings): string {
  return join(localDirectory, 'terraform.tfstate');
}

/** Reads the state of the local stack. */
export function readState(settings: Settings): TerraformState {
  if (!existsSync(stateFile(settings))) return 'missing';
  const state = parse(stateFile(settings));
  if (state === undefined) return 'unreadable';
  const addresses = state.resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ module, type, name, instances }) =>
      instances.map(
        ({ index_key: key }) =>
          `${module === undefined ? '' : `${module}.`}${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`,
      ),
    );
  return addresses.length === 0 ? 'missing' : new Set(addresses);
}

/**
 * Terraform that can't write its state where it belongs (the disk is full) writes it into its working folder, as
 * `errored.tfstate`. Puts it where it belongs, if it is a later one of this stack.
 */
export function adoptErroredState(settings: Settings): boolean {
  const file = join(settings.root, 'terraform', 'errored.tfstate');
  const errored = parse(file);
  // A full disk may have left only half of the state itself.
  const kept = parse(stateFile(settings)) ?? parse(backupFile(settings));
  if (errored === undefined || kept === undefined) return false;
  if (errored.lineage !== kept.lineage || errored.serial < kept.serial) return false;
  renameSync(file, stateFile(settings));
  return true;
}

/**
 * Terraform writes its state over the old one, again and again during an apply: a kill may leave half of it. Takes the state
 * from before that apply instead, which knows all that was there, if there is one.
 */
export function restoreBackup(settings: Settings): boolean {
  if (readState(settings) !== 'unreadable' || parse(backupFile(settings)) === undefined) return false;
  renameSync(backupFile(settings), stateFile(settings));
  return true;
}

/**
 * Takes the mark from resources whose creation was stopped while Terraform waited for them: it would replace them, and SQS
 * lets no queue be made for a minute after one of that name was deleted. What they lack the next apply finds and changes.
 * `terraform untaint` does the same, one resource in a second.
 */
export function untaintAll(settings: Settings): void {
  const state = parse(stateFile(settings));
  if (!state?.resources.some(({ instances }) => instances.some(({ status }) => status === 'tainted'))) return;
  const resources = state.resources.map((resource) => ({
    ...resource,
    instances: resource.instances.map(({ status, ...instance }) => ({
      ...instance,
      ...(status === undefined || status === 'tainted' ? {} : { status }),
    })),
  }));
  const file = stateFile(settings);
  writeFileSync(`${file}.new`, JSON.stringify({ ...state, serial: state.serial + 1, resources }, null, 2));
  renameSync(`${file}.new`, file);
}

function parse(file: string): StateFile | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as Partial<StateFile>;
    return Array.isArray(state.resources) ? (state as StateFile) : undefined;
  } catch {
    return undefined;
  }
}
