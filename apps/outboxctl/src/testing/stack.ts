import { LambdaClient, ListVersionsByFunctionCommand, type FunctionConfiguration } from '@aws-sdk/client-lambda';
import { parseStack, type Stack } from '../stack';
import { NOW } from './run-verb';

/** A stack of two consumers as its outputs tell of it; whatever a spec is about it gives itself; undefined is no output. */
export function stackOf(values: Readonly<Record<string, unknown>> = {}): Stack {
  const handler = (name: string) => ({
    queue_url: `https://sqs/1/${name}`,
    dlq_url: `https://sqs/1/${name}-dlq`,
    function_name: `f-${name}`,
  });
  const consumer = (name: string, policy: string) => ({
    ...handler(name),
    table_name: name,
    policy,
    on: { parcel: [] },
  });
  const outputs = {
    event_bus_name: 'bus',
    outbox_table_name: 'outbox',
    event_source: 'parcels',
    aggregate_types: ['parcel'],
    pipe_name: 'pipe',
    archive_name: 'archive',
    pipe_dlq_url: 'https://sqs/1/pipe-dlq',
    relay_function_name: 'f-relay',
    acknowledger: handler('ack'),
    sweeper_dlq_url: 'https://sqs/1/sweeper-dlq',
    inbox_retention_days: 45,
    lag_objective: { percent: 99.9, seconds: 60 },
    consumers: { labels: consumer('labels', 'once'), mails: consumer('mails', 'in-order') },
    ...values,
  };
  const given = Object.entries(outputs).filter(([, value]) => value !== undefined);
  return parseStack(JSON.stringify(Object.fromEntries(given.map(([name, value]) => [name, { value }]))), 'spec');
}

/** The versions of a function: when each was published, in days before `NOW`, and how many days it remembers. */
export function versionsOf(
  ...published: readonly (readonly [daysAgo: number, retentionDays: number])[]
): FunctionConfiguration[] {
  // Nobody invokes the first of them.
  return [[3, 1] as const, ...published].map(([daysAgo, days], index) => ({
    Version: index === 0 ? '$LATEST' : String(index),
    LastModified: new Date(NOW - daysAgo * 86_400_000).toISOString().replace('Z', '+0000'),
    Environment: { Variables: { INBOX_RETENTION_DAYS: String(days) } },
  }));
}

/** Those of a consumer that has remembered twice as long since a week ago. */
export const RAISED = versionsOf([200, 45], [7, 90]);

/** Lambda, which tells these versions of a function, two on a page, or why it doesn't; an invocation gets `answer`. */
export function lambdaOf(versions: readonly FunctionConfiguration[] | Error, answer?: unknown) {
  const asked: (string | undefined)[] = [];
  const invoked: unknown[] = [];
  const send = async (command: { readonly input: unknown }): Promise<unknown> => {
    if (!(command instanceof ListVersionsByFunctionCommand)) {
      invoked.push(command.input);
      return answer;
    }
    const { FunctionName, Marker = '0' } = command.input;
    asked.push(FunctionName);
    if (versions instanceof Error) throw versions;
    const to = Number(Marker) + 2;
    return {
      Versions: versions.slice(to - 2, to),
      ...(to < versions.length ? { NextMarker: String(to) } : {}),
    };
  };
  return { lambda: Object.assign(new LambdaClient({}), { send }), asked, invoked };
}
