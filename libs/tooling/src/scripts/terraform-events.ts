import type { Report } from './progress.ts';

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
}

/** The fields we read of a line of Terraform's machine-readable output. */
interface TerraformEvent {
  readonly type?: string;
  readonly '@message'?: string;
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
  readonly hook?: { readonly action: string; readonly resource?: { readonly addr: string } };
  readonly changes?: { readonly add: number; readonly change: number; readonly remove: number };
  readonly diagnostic?: Diagnostic;
}

export interface ApplyProgress {
  /** Takes one line of standard output. */
  line(text: string): void;
  /** What changed, in words: every resource when they are few, else their number. */
  summary(): string;
  /** Errors as Terraform gives them; empty when there was none. */
  failure(): string;
}

/** The resources that an apply began to create, by the lines it printed. */
export function createdAddresses(output: string): readonly string[] {
  return output
    .split('\n')
    .map(parseEvent)
    .filter((event) => event?.type === 'apply_start' && event.hook?.action === 'create')
    .flatMap((event) => event?.hook?.resource?.addr ?? []);
}

/** A line of output as what it tells; undefined for other text, and for what a kill left unfinished. */
function parseEvent(line: string): TerraformEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as TerraformEvent;
  } catch {
    return undefined;
  }
}

const listedAtMost = 12;
const marks: Readonly<Record<string, string>> = { create: '+', update: '~', delete: '-', replace: '±' };

/** Follows `terraform apply -json`: reports "done of planned" while it runs. */
export function applyProgress(report: Report): ApplyProgress {
  const planned: string[] = [];
  const errors: string[] = [];
  let done = 0;
  let total = 'no changes';
  const take = (event: TerraformEvent): void => {
    if (event.type === 'planned_change' && event.change && event.change.action !== 'read') {
      planned.push(`${marks[event.change.action] ?? event.change.action} ${event.change.resource.addr}`);
    } else if (event.type === 'apply_complete' && event.hook?.action !== 'read') {
      done += 1;
      report(`${done} of ${planned.length}`);
    } else if (event.type === 'change_summary' && event.changes) {
      const { add, change, remove } = event.changes;
      total = add + change + remove === 0 ? 'no changes' : `${add} added, ${change} changed, ${remove} removed`;
    } else if (event.diagnostic?.severity === 'error') {
      const { summary, detail, address } = event.diagnostic;
      errors.push([`Error: ${summary}${address ? ` (${address})` : ''}`, detail].filter(Boolean).join('\n'));
    }
  };
  return {
    line: (text) => {
      const event = parseEvent(text);
      if (event !== undefined) take(event);
    },
    summary: () =>
      planned.length === 0 || planned.length > listedAtMost
        ? total
        : [total, ...planned.map((entry) => `${' '.repeat(12)}${entry}`)].join('\n'),
    failure: () => errors.join('\n'),
  };
}
