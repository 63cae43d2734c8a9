import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { UsageError } from './errors';
import { howToDeploy, terraformOutput, type Environment } from './terraform-output';

/**
 * Reads the outputs of a stack from `file` (what `terraform output -json` prints), or asks Terraform in `terraform/`;
 * `schema` says which of them a program needs.
 * @throws UsageError when there is no stack, it can't be read, or the outputs are not this project's
 */
export async function readOutputs<T>(
  schema: z.ZodType<T>,
  file: string | undefined,
  root: string,
  environment: Environment,
): Promise<T> {
  const text = file === undefined ? await terraformOutput(root, environment) : await readStackFile(file);
  return parseOutputs(schema, text, file ?? 'terraform output -json', environment);
}

/** Parses `terraform output -json`; `origin` names it in errors. @throws UsageError as `readOutputs` */
export function parseOutputs<T>(schema: z.ZodType<T>, text: string, origin: string, environment: Environment = {}): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${origin} is not JSON`, { cause });
  }
  const given = z.record(z.string(), z.object({ value: z.unknown() })).safeParse(json).data ?? {};
  const values = Object.fromEntries(Object.entries(given).map(([name, output]) => [name, output.value]));
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const hint = howToDeploy(environment);
  // What Terraform prints of a state that is empty, or not there.
  if (Object.keys(values).length === 0) throw new UsageError(`no stack is deployed: ${origin} names none`, { hint });
  const missing = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new UsageError(`${origin} does not describe a deployed stack (missing or wrong: ${missing})`, { hint });
}

async function readStackFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`cannot read the stack file ${file}`, { cause, reason });
  }
}
