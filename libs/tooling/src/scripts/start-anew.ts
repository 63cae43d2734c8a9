import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stopBackground } from './background.ts';
import { runningLocalCloud } from './local-cloud.ts';
import { partnersVariablesFile } from './local-environment.ts';
import { type Settings, UserError } from './settings.ts';
import { readRecord, recordFile, wasStopped } from './stack-record.ts';
import { createdAddresses } from './terraform-events.ts';
import { adoptErroredState, backupFile, readState, restoreBackup, stateFile } from './terraform-state.ts';
import { terraformLog } from './terraform.ts';
import { lastUpFile } from './up-to-date.ts';

const databases = ['state.sqlite', 'tables.sqlite'];
/** What the local cloud keeps of AWS, and what the partners remember. What is only faster when it is there stays. */
const cloudState = [
  ...databases.flatMap((name) => [name, `${name}-wal`, `${name}-shm`]),
  'dynamodb',
  'functions',
  'tmp',
  'partners',
];

/**
 * Why Terraform's state and the local cloud's can't be of one stack any more, as a sentence; undefined when both are
 * there, or neither is, and the last change left nothing that only one of them knows. The local cloud must have no
 * Terraform at work on it.
 */
export async function whyNotContinued(settings: Settings): Promise<string | undefined> {
  adoptErroredState(settings);
  const record = readRecord(settings);
  if (record?.hadStack && wasStopped(record)) restoreBackup(settings);
  const state = readState(settings);
  const cloud = await cloudStateOf(settings);
  if (state === 'unreadable') return `Terraform's state (${stateFile(settings)}) can't be read`;
  if (cloud === 'unreadable') return `The local cloud's state in ${settings.localDirectory} can't be read`;
  if (cloud === 'missing')
    return state === 'missing' ? undefined : "The local cloud's state is gone, Terraform's is not";
  if (record === undefined) return undefined;
  if (record.finished) return state === 'missing' ? "Terraform's state is gone, the local cloud's is not" : undefined;
  if (record.change === 'destroy') return 'The last make down was stopped before it was done';
  if (record.hadStack || !wasStopped(record)) return undefined;
  const known = state === 'missing' ? new Set<string>() : state;
  const unknown = createdAddresses(readLog(settings)).filter((address) => !known.has(address));
  return unknown.length === 0
    ? undefined
    : `The last deployment was stopped in the middle, and Terraform doesn't know of ${unknown.length} resources that it was making`;
}

/**
 * Whether an apply that failed may have met what an earlier one left, so that only starting anew helps: something is there
 * that Terraform doesn't know of, and the change before was not finished. A whole stack may hold data: it is given up only
 * if that change was stopped, not because an apply failed and is tried again. To be called before the apply.
 */
export function mayStartAnew(settings: Settings): (error: unknown) => boolean {
  const record = readRecord(settings);
  const left =
    record === undefined
      ? readState(settings) === 'missing'
      : wasStopped(record) || (!record.finished && !record.hadStack);
  return (error) => left && error instanceof UserError && /already ?exist|ResourceInUse|Conflict/i.test(error.message);
}

/** The error, with what to do about it if it is that something is there already. */
export function withWayOut(error: unknown): unknown {
  if (!(error instanceof UserError) || !/already ?exist/i.test(error.message)) return error;
  const wayOut =
    "Terraform doesn't know of what is there already. terraform import takes it over (after make env); make down, then make up, starts from nothing, without the data.";
  return new UserError(`${error.message}\n${wayOut}`, { cause: error });
}

/** Stops the local cloud and the partners, and forgets what they and Terraform know of the stack. */
export async function forgetStack(settings: Settings): Promise<void> {
  await stopBackground(settings);
  const state = stateFile(settings);
  const files = [
    ...cloudState.map((name) => join(settings.localDirectory, name)),
    state,
    backupFile(settings),
    join(settings.localDirectory, '.terraform.tfstate.lock.info'),
    recordFile(settings),
    lastUpFile(settings),
    partnersVariablesFile(settings),
  ];
  for (const file of files) await rm(file, { recursive: true, force: true });
}

/** Whether the local cloud has a state, and its databases are sound. A running one holds them open: it is sound then. */
async function cloudStateOf(settings: Settings): Promise<'there' | 'missing' | 'unreadable'> {
  const main = join(settings.localDirectory, 'state.sqlite');
  if (!existsSync(main)) return 'missing';
  if ((await runningLocalCloud(settings)) !== undefined) return 'there';
  const tables = tableFiles(settings);
  if (tables === undefined) return 'unreadable';
  const sound = await Promise.all([main, ...tables].map(isSound));
  return sound.every(Boolean) ? 'there' : 'unreadable';
}

/** The databases that hold DynamoDB's tables: the local cloud's own, and those of DynamoDB Local; undefined without any. */
function tableFiles({ localDirectory }: Settings): readonly string[] | undefined {
  const own = [join(localDirectory, 'tables.sqlite')].filter((file) => existsSync(file));
  const folder = join(localDirectory, 'dynamodb');
  if (!existsSync(folder)) return own.length === 0 ? undefined : own;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.db'));
  return [...own, ...names.map((name) => join(folder, name))];
}

async function isSound(file: string): Promise<boolean> {
  const { DatabaseSync } = await import('node:sqlite');
  try {
    const database = new DatabaseSync(file);
    try {
      const tables = database.prepare('SELECT count(*) AS count FROM sqlite_master').get();
      return tables?.['count'] !== 0 && database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] === 'ok';
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}

function readLog(settings: Settings): string {
  try {
    return readFileSync(terraformLog(settings, 'apply'), 'utf8');
  } catch {
    return '';
  }
}
