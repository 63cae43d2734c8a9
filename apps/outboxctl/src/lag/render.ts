import { columns, type Style } from '@outbox/cli-kit';
import type { LagReport, Stage } from './stage';

const HEAD = ['stage', 'waiting', 'under way', 'oldest', 'lag p50', 'lag p99', 'dead letters'];

/** The report as a person reads it: a line per stage in the order an event passes them, then what is behind. */
export function renderLag({ stages, behind, objectiveSeconds }: LagReport, style: Style): string {
  const [head = '', ...lines] = columns([HEAD, ...stages.map(cells)]);
  const objective = `within ${objectiveSeconds} s`;
  const verdict =
    behind.length === 0
      ? [style.green(`nothing is behind: all is ${objective}, no dead letters`)]
      : behind.map((sentence) => style.red(`behind: ${sentence}`));
  return [
    style.dim('lag: from the commit to this stage, the slower of the last two periods of five minutes'),
    style.bold(head),
    ...lines,
    '',
    ...verdict,
  ].join('\n');
}

function cells({ stage, waiting, underWay, oldestSeconds, lagMs, deadLetters }: Stage): string[] {
  const oldest = oldestSeconds === undefined ? '-' : oldestSeconds === null ? 'no figure yet' : seconds(oldestSeconds);
  const [p50, p99] = lagMs ? [duration(lagMs.p50), duration(lagMs.p99)] : lagMs === null ? ['none', 'none'] : ['', ''];
  return [stage, count(waiting), count(underWay), waiting === undefined ? '' : oldest, p50, p99, count(deadLetters)];
}

function count(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

function seconds(value: number): string {
  return `${Math.round(value)} s`;
}

/** Milliseconds as a person reads them. */
export function duration(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
