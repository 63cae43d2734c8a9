import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Stack } from '../support/stack';
import type { AwsClients } from './clients';
import type { Finding } from './finding';

/**
 * Effects that were had twice for one event, by the consumers' logs: where an effect replaces itself, the table alone
 * doesn't show the second. A crash may keep a line from being written, which hides one, never invents one.
 */
export async function repeatedEffects(logs: AwsClients['logs'], stack: Stack): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, { function_name }] of Object.entries(stack.consumers)) {
    const applied = new Set<string>();
    for await (const { eventId, subject } of appliedEvents(logs, `/aws/lambda/${function_name}`)) {
      if (applied.has(eventId)) {
        findings.push({ kind: 'duplicated', subject, detail: `${name}: event ${eventId} had its effect again` });
      }
      applied.add(eventId);
    }
  }
  return findings;
}

async function* appliedEvents(
  logs: AwsClients['logs'],
  logGroupName: string,
): AsyncGenerator<{ readonly eventId: string; readonly subject: string }> {
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName,
        filterPattern: '"event applied"',
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    for (const { message } of page.events ?? []) {
      const line = JSON.parse(message ?? '{}') as Readonly<Record<string, unknown>>;
      if (line['message'] === 'event applied') {
        yield { eventId: String(line['eventId']), subject: String(line['subject']) };
      }
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}
