import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { sectionsOf, shellCommandsOf } from '@outbox/testing';
import { aws } from './stack';
import { root, run } from './target';

/** The commands of an alarm's section, as the page shows them. */
export interface Runbook {
  readonly section: string;
  /** Those that say what is wrong, and those that do something about it. */
  readonly look: readonly string[];
  readonly act: readonly string[];
}

/** Verbs that tell: exit code 1 is that they found something; what `reconcile --repair` repairs counts as found. */
const TELLS = /outboxctl (status|stuck|lag|trace|reconcile|dlq (list|show)|failed list)\b/;

/**
 * What to do about an alarm: the section that its own description points to.
 * @throws when there is no such alarm, or no such section
 */
export async function runbookOf(alarmName: string): Promise<Runbook> {
  const { MetricAlarms: [alarm] = [] } = await aws.cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [alarmName] }),
  );
  const [, page = '', section = ''] = /What to do: (\S+)#(\S+)$/.exec(alarm?.AlarmDescription ?? '') ?? [];
  if (page === '') throw new Error(`the description of ${alarmName} points to no section`);
  const found = sectionsOf(readFileSync(join(root, page), 'utf8')).find(({ title }) => title === section);
  if (found === undefined) throw new Error(`${page} has no section ${section}`);
  const [look = '', act = ''] = found.text.split('**Do**');
  return { section, look: shellCommandsOf(look), act: shellCommandsOf(act) };
}

/**
 * Runs a command of a page in a shell, as written but for its placeholders. Returns what it printed.
 * @throws with its output when it fails
 */
export function follow(command: string, placeholders: Readonly<Record<string, string>>): string {
  const text = Object.entries(placeholders).reduce((sum, [word, value]) => sum.replaceAll(word, value), command);
  const expected = TELLS.test(text) ? [0, 1] : [0];
  return run('bash', ['-euo', 'pipefail', '-c', text], process.env, 'pipe', expected).stdout;
}
