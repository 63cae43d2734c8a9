import { columns, wrap, type Style } from '@outbox/cli-kit';
import type { LagReport, Stage } from './stage';

const HEAD = ['stage', 'waiting', 'under way', 'oldest', 'lag p50', 'lag p99', 'dead'];

/** The report as a person reads it: a line per stage in the order an event passes them, then what is behind. */
export function renderLag({ stages, behind, objectiveSeconds }: LagReport, style: Style): string {
  const [head = '', ...lines] = columns([HEAD, ...stages.map(cells)]);
  const objective = `within ${objectiveSeconds} s`;
  const verdict =
    behind.length === 0
      ? [style.green(`nothing is behind: all is ${objective}, no dead letters`)]
      : [
          ...behind.flatMap((sentence) => wrap(`behind: ${sentence}`, 2)).map((line) => style.red(line)),
          style.dim('whether anything is stopped or failing: outboxctl status'),
        ];
  return [
    style.dim(
      stages.some(({ lagMs }) => lagMs !== undefined)
        ? 'lag: from the commit to this stage; the slower of the last two five minutes'
        : 'no lags: the stack’s functions write none (custom_metrics)',
    ),
    style.bold(head),
    ...lines,
    '',
    ...verdict,
  ].join('\n');
}

function cells({ stage, waiting, underWay, oldestSeconds, lagMs, deadLetters }: Stage): string[] {
  const oldest = oldestSeconds === undefined ? '-' : oldestSeconds === null ? '?' : seconds(oldestSeconds);
  const [p50, p99] = lagMs ? [duration(lagMs.p50), duration(lagMs.p99)] : lagMs === null ? ['none', 'none'] : ['', ''];
  return [stage, count(waiting), count(underWay), waiting === undefined ? '' : oldest, p50, p99, count(deadLetters)];
}

function count(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

/** Seconds as a person reads them. */
export function seconds(value: number): string {
  return value < 10_000 ? `${Math.round(value)} s` : `${Math.round(value / 3_600)} h`;
}

/** Milliseconds as a person reads them. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${Math.round(ms)} ms`;
  return ms < 10_000_000 ? `${(ms / 1000).toFixed(1)} s` : seconds(ms / 1_000);
}
