import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { UsageError } from './errors';
import { howToDeploy, terraformOutput, type Environment } from './terraform-output';

const handler = z.object({ queue_url: z.string(), dlq_url: z.string(), function_name: z.string() });

const consumer = handler.extend({
  table_name: z.string(),
  policy: z.enum(['once', 'in-order', 'latest']),
  /** Event types the consumer's rule selects; absent or null = every order event. */
  event_types: z.array(z.string()).nullish(),
});

const outputs = z.object({
  api_endpoint: z.string(),
  /** This and what else is optional: absent in a stack from before it was an output. */
  api_id: z.string().optional(),
  orders_api_function_name: z.string().optional(),
  /** Absent in a stack from before its API could ask who calls. */
  api_authorization: z.object({ type: z.enum(['NONE', 'AWS_IAM', 'JWT']), region: z.string() }).optional(),
  event_bus_name: z.string(),
  orders_table_name: z.string(),
  pipe_name: z.string(),
  pipe_dlq_url: z.string().optional(),
  relay_function_name: z.string().optional(),
  archive_name: z.string(),
  acknowledger: handler.optional(),
  /** Absent in a stack without a sweeper. */
  sweeper_function_name: z.string().optional(),
  sweeper_dlq_url: z.string().optional(),
  consumers: z.record(z.string(), consumer),
  /** Days that consumers remember what they have done. */
  inbox_retention_days: z.number().optional(),
  lag_objective: z.object({ percent: z.number(), seconds: z.number() }).optional(),
});

/** A deployed stack as its Terraform outputs describe it: all the CLI knows about where things are. */
export type Stack = z.infer<typeof outputs>;
export type ConsumerOutput = z.infer<typeof consumer>;

/** @throws UsageError naming the consumers there are, when `name` is none of them */
export function consumerOf({ consumers }: Pick<Stack, 'consumers'>, name: string): ConsumerOutput {
  const names = Object.keys(consumers);
  const consumer = names.includes(name) ? consumers[name] : undefined;
  if (!consumer) throw new UsageError(`no consumer ${name}; there are ${names.join(', ')}`);
  return consumer;
}

/**
 * Reads the stack from `file` (what `terraform output -json` prints), or asks Terraform in `terraform/`.
 * @throws UsageError when there is no stack, it can't be read, or the outputs are not this project's
 */
export async function loadStack(file: string | undefined, root: string, environment: Environment): Promise<Stack> {
  const text = file === undefined ? await terraformOutput(root, environment) : await readStackFile(file);
  return parseStack(text, file ?? 'terraform output -json', environment);
}

/** Parses `terraform output -json`; `origin` names it in errors. @throws UsageError as `loadStack` */
export function parseStack(text: string, origin: string, environment: Environment = {}): Stack {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${origin} is not JSON`, { cause });
  }
  const given = z.record(z.string(), z.object({ value: z.unknown() })).safeParse(json).data ?? {};
  const values = Object.fromEntries(Object.entries(given).map(([name, output]) => [name, output.value]));
  const parsed = outputs.safeParse(values);
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
