import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UsageError } from '../options';
import { runOperations } from '../run-operations';
import { checkPlan, type PlanCheck } from './check-plan';
import { parsePlan, PlanError } from './plan';

export const CHECK_USAGE =
  'usage: local-cloud check PLAN.json [--json]   (terraform plan -out PLANFILE && terraform show -json PLANFILE > PLAN.json)';

/**
 * `local-cloud check PLAN.json`: prints what of a Terraform plan the local cloud can't run. Returns the exit code: 0 when
 * it can run all, 1 when it can't.
 * @throws UsageError for a command line or a file that makes no sense
 */
export function check(argv: readonly string[], print: (text: string) => void): 0 | 1 {
  const { file, json } = parse(argv);
  const result = checkPlan(readPlan(file), runOperations());
  print(json ? `${JSON.stringify(result)}\n` : render(result));
  return result.findings.length === 0 ? 0 : 1;
}

function parse(argv: readonly string[]): { readonly file: string; readonly json: boolean } {
  try {
    const options = { json: { type: 'boolean', default: false } } as const;
    const { positionals, values } = parseArgs({ args: [...argv], allowPositionals: true, options });
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) throw new UsageError('check takes one file');
    return { file, json: values.json };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readPlan(file: string) {
  try {
    return parsePlan(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof PlanError) throw new UsageError(`${file} ${error.message}`);
    throw new UsageError(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function render({ findings, looked, unknown }: PlanCheck): string {
  const width = Math.max(0, ...findings.map(({ address }) => address.length));
  const lines = findings.map(
    ({ address, operation, what }) =>
      `${address.padEnd(width)}  ${operation === undefined ? what : `${operation} ${what}`}`,
  );
  const bad = new Set(findings.map(({ address }) => address)).size;
  const total = looked === 1 ? 'The one resource' : `All ${looked} resources`;
  return [
    ...lines,
    ...unknown.map((each) => `${each} is known only after the apply`),
    bad === 0
      ? `${total} can be run.`
      : `${bad} of ${looked} resources can't be run. See docs/reference/refusals.md and docs/reference/local-cloud.md#what-it-runs.`,
    '',
  ].join('\n');
}
