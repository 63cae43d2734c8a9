import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newRunName, openTarget, targetOptions, tell, wholeNumber } from '../command-line';
import { Failures } from '../failures';
import { countByKind } from '../finding';
import { orderWorkload } from '../order-workload';
import { renderFinding } from '../render';
import { renderOutages, type OutageReport } from './render-outages';
import { runOutage, type OutageResult } from './run-outage';
import { planOutages } from './scenario';

/** Of each outage, at once; all are told at the end. */
const TOLD_FINDINGS = 5;

/**
 * `make chaos SCENARIO=outage` calls it with a local cloud that is up; exit code 1 unless no guarantee was broken.
 * `importSource` is the folder of the import job's source.
 */
export async function outageCommand(args: readonly string[], importSource: string): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...targetOptions,
      seed: { type: 'string' },
      orders: { type: 'string' },
      outages: { type: 'string' },
      hours: { type: 'string' },
    },
  });
  const startedAt = performance.now();
  const seed = wholeNumber('seed', values.seed, 0);
  const orders = wholeNumber('orders', values.orders, 1);
  const plan = planOutages(values.outages, values.hours);
  const suiteName = newRunName(seed);
  const target = await openTarget(values, importSource, suiteName);
  const outages: OutageResult[] = [];
  const failures = new Failures(tell);
  const reportNow = (): OutageReport => {
    const findings = [...outages.flatMap((one) => one.findings), ...failures.findings];
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const report = { seed, seconds, outages, counts: countByKind(findings), findings };
    writeFileSync(join(target.directory, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
    return report;
  };
  for (const [index, outage] of plan.entries()) {
    const runName = `${suiteName}-${index + 1}`;
    const workload = (name: string, sleep: (ms: number) => Promise<unknown>) =>
      orderWorkload({ ...target, runName: name, sleep });
    const tools = { ...target, seed: seed + index, orders, report: tell, workload };
    const result = await failures.note(outage.kind, () => runOutage(outage, runName, tools));
    // What the others would find is not theirs.
    if (result === undefined) break;
    tell(`${outage.kind}, ${result.hours} h: ${result.findings.length} findings`);
    for (const finding of result.findings.slice(0, TOLD_FINDINGS)) tell(renderFinding(finding));
    outages.push(result);
    reportNow();
  }
  const report = reportNow();
  process.stdout.write(`\n${renderOutages(report)}\n`);
  return report.findings.length === 0 ? 0 : 1;
}
