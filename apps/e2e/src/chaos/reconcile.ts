import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Finding, FindingKind } from './finding';
import type { CrashingCloud } from './local-cloud';

export interface ReconcileCommand {
  /** The program, `dist/apps/outboxctl/main.js`. */
  readonly program: string;
  /** What `terraform output -json` printed. */
  readonly stackFile: string;
}

const KINDS: Readonly<Record<string, FindingKind>> = {
  lost: 'lost',
  queued: 'stuck',
  held: 'stuck',
  late: 'stuck',
  failed: 'stuck',
  corrupt: 'stuck',
  duplicated: 'duplicated',
  orphaned: 'duplicated',
  'out-of-order': 'reordered',
};

/**
 * What `outboxctl reconcile` finds of the given aggregates, whatever their type: the operator's own judge, as a second opinion. It runs at the
 * engine's time, which is not this machine's.
 */
export async function reconcile(
  { program, stackFile }: ReconcileCommand,
  cloud: CrashingCloud,
  isOurs: (id: string) => boolean,
): Promise<Finding[]> {
  const offsetMs = Math.round((await cloud.now()) - Date.now());
  const clock = `data:text/javascript,const now=Date.now;Date.now=()=>now()+${offsetMs}`;
  const args = ['--import', clock, program, '--json', '--stack', stackFile, 'reconcile', '--grace', '0'];
  const lines = (await output(args)).trim().split('\n');
  const findings = lines.slice(0, -1).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return findings
    .filter((finding) => isOurs(String(finding['id'])))
    .map((finding) => ({
      kind: KINDS[String(finding['kind'])] ?? 'stuck',
      subject: String(finding['id']),
      detail: `outboxctl reconcile: ${sentence(finding)}`,
    }));
}

function sentence({ kind, aggregate, sequence, consumer, detail }: Readonly<Record<string, unknown>>): string {
  const event = sequence === undefined ? '' : ` event ${String(sequence)}`;
  return `${String(kind)}: ${String(aggregate)}${event}${consumer === undefined ? '' : ` at ${String(consumer)}`}: ${String(detail)}`;
}

/** Exit code 1 says that there are findings. */
async function output(args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 28 })).stdout;
  } catch (error) {
    const { code, stdout } = error as { code?: unknown; stdout?: string };
    if (code === 1 && stdout) return stdout;
    throw error;
  }
}
