import * as z from 'zod';
import { parseOutputs, readOutputs, UsageError, type Environment } from '@outbox/cli-kit';

const handler = z.object({ queue_url: z.string(), dlq_url: z.string(), function_name: z.string() });

const consumer = handler.extend({
  table_name: z.string(),
  policy: z.enum(['once', 'in-order', 'latest']),
  /** What the consumer's rule selects: aggregate type → event types; no types are all of the aggregate's. */
  on: z.record(z.string(), z.array(z.string())),
  /** Days that it remembers what it has done; as all consumers do unless it says so. */
  inbox_retention_days: z.number().optional(),
});

const outputs = z
  .object({
    /** This and what else is optional: absent in a stack from before it was an output. */
    api_id: z.string().optional(),
    orders_api_function_name: z.string().optional(),
    /** Absent in a stack from before its API could ask who calls. */
    api_authorization: z.object({ type: z.enum(['NONE', 'AWS_IAM', 'JWT']), region: z.string() }).optional(),
    /** The aggregate types whose events the outbox holds. */
    aggregate_types: z.array(z.string()).nonempty(),
    /** `source` of the outbox's events. */
    event_source: z.string(),
    event_bus_name: z.string(),
    outbox_table_name: z.string(),
    pipe_name: z.string(),
    pipe_dlq_url: z.string().optional(),
    relay_function_name: z.string().optional(),
    /** Absent or null in a stack without an archive. */
    archive_name: z.string().nullish(),
    acknowledger: handler.optional(),
    /** Absent in a stack without a sweeper. */
    sweeper_function_name: z.string().optional(),
    /** The version that the schedule runs, which may not be the newest. */
    sweeper_alias: z.string().optional(),
    sweeper_dlq_url: z.string().optional(),
    consumers: z.record(z.string(), consumer),
    /** Days that consumers remember what they have done. */
    inbox_retention_days: z.number().optional(),
    /** Alarm of each name, and the two that call people. */
    alarm_names: z.record(z.string(), z.string()).optional(),
    unhealthy_alarm_name: z.string().optional(),
    objective_alarm_name: z.string().optional(),
    observability: z
      .object({
        profile: z.enum(['full', 'essential', 'none']),
        custom_metrics: z.enum(['all', 'sweeper', 'none']),
        /** Share of the traces whose lines below WARN are written. */
        log_sample_rate: z.number(),
      })
      .optional(),
    lag_objective: z.object({ percent: z.number(), seconds: z.number() }).optional(),
  })
  .transform(({ orders_api_function_name: api_function_name, ...others }) => ({ ...others, api_function_name }));

/** A service of its own gives all of it as one output, `stack`, made from that of modules/outbox. */
const oneOrMany = z.preprocess((values: Readonly<Record<string, unknown>>) => values['stack'] ?? values, outputs);

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

/** Reads the stack as `readOutputs` does, from `file` or from Terraform. @throws UsageError */
export function loadStack(file: string | undefined, root: string, environment: Environment): Promise<Stack> {
  return readOutputs(oneOrMany, file, root, environment);
}

/** Parses what `terraform output -json` prints; `origin` names it in errors. @throws UsageError */
export function parseStack(text: string, origin: string): Stack {
  return parseOutputs(oneOrMany, text, origin);
}

/** What verbs call the acknowledger, as its function is. */
export const ACKNOWLEDGER = 'outbox-acknowledger';
/** What verbs call the pipe of a stack. */
export const PIPE = 'pipe';
/** What verbs call the sweeper, as its function is. */
export const SWEEPER = 'outbox-sweeper';

/** Whether a consumer's rule selects events of an aggregate type, and of an event type where one is given. */
export function subscribes({ on }: Pick<ConsumerOutput, 'on'>, aggregate: string, type?: string): boolean {
  const types = Object.hasOwn(on, aggregate) ? on[aggregate] : undefined;
  return types !== undefined && (type === undefined || types.length === 0 || types.includes(type));
}
