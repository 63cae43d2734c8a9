import { parseStack, type Stack } from '../stack';

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
