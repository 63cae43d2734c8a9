import type { BundleReport } from '../bundles/bundle-report.ts';
import type { Measures, PeerMeasures } from './emulator.ts';
import type { PerMillion, StackMeasures } from './stack.ts';
import { tableText } from '../table-text.ts';
import { rounded, type Timing } from './timing.ts';
import type { Hops } from './traces.ts';

/** What one run of `make bench` measured, as `.local/bench.json` has it. */
export interface Report {
  readonly date: string;
  readonly machine: Machine;
  /** The local cloud's services, DynamoDB Local by itself, and another emulator, each in the same run. */
  readonly services: Measures;
  readonly dynamodbLocal: Measures;
  readonly peer?: { readonly name: string; readonly services: PeerMeasures };
  /** Milliseconds until a new engine took calls, and until one did that found the state of another. */
  readonly startMs: number;
  readonly restartMs: number;
  readonly stack: StackMeasures;
  readonly bundles: readonly BundleReport[];
}

/** Where it was measured: figures of two machines can't be compared. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly system: string;
  /** The load average of the minute before: others' work beside it makes every figure worse. */
  readonly load: number;
}

/** A table: its title, the heads of its columns, its rows. */
export interface Section {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Everything of a report as tables: ratios first, as they hold on other machines too. */
export function sections(report: Report): readonly Section[] {
  const { services, dynamodbLocal, peer, stack } = report;
  return [
    { title: 'ratios', columns: ['', 'ratio'], rows: ratios(report).map(([name, value]) => [name, value.toFixed(2)]) },
    calls('the local cloud', services),
    calls('DynamoDB Local by itself, in memory', dynamodbLocal),
    ...(peer === undefined ? [] : [calls(`another emulator: ${peer.name}`, peer.services)]),
    calls('the API', stack.requests),
    {
      title: 'the whole stack',
      columns: ['', 'measured'],
      rows: [
        ['orders per second through every consumer, backlog flat', String(stack.sustainedPerSecond)],
        ['messages waiting meanwhile: at most, at the end', `${stack.mostWaiting}, ${stack.waitingAtEnd}`],
        ['orders per second through every consumer, placed 8 at once', String(stack.burstPerSecond)],
        ['commit to effect, idle: p50, p95', `${stack.effectsIdle.p50Ms} ms, ${stack.effectsIdle.p95Ms} ms`],
        [
          'commit to effect, half the sustained rate: p50, p95',
          `${stack.effectsAtHalfLoad.p50Ms} ms, ${stack.effectsAtHalfLoad.p95Ms} ms`,
        ],
        ['first order after the deployment, to the last consumer', `${stack.firstOrderMs} ms`],
        ['requests that the API was too busy for', String(stack.busy)],
        ['local cloud ready, new', `${report.startMs} ms`],
        ['local cloud ready, with its state', `${report.restartMs} ms`],
        ['memory of the local cloud, deployed', `${stack.memoryMb.before} MB`],
        [`memory of the local cloud, after ${stack.orders} orders`, `${stack.memoryMb.after} MB`],
      ],
    },
    lags('after the commit, idle', stack.hopsIdle),
    lags('after the commit, half the sustained rate', stack.hopsAtHalfLoad),
    {
      title: 'functions',
      columns: ['', 'start ms', 'first call ms'],
      rows: Object.entries(stack.firstCalls).map(([name, { initMs, callMs }]) => [
        name,
        initMs.toFixed(0),
        callMs.toFixed(0),
      ]),
    },
    prices(stack.perMillionEvents),
    {
      title: 'bundles',
      columns: ['', 'zip kB', 'to load, ms of processor time'],
      rows: report.bundles.map(({ app, zipBytes, initMs }) => [app, (zipBytes / 1_000).toFixed(1), initMs.toFixed(0)]),
    },
  ];
}

/** What is compared within the run: each with how many times more the first does than the second. */
function ratios({ services, dynamodbLocal, peer, stack, bundles }: Report): readonly (readonly [string, number])[] {
  const rate = (measures: PeerMeasures, name: string): number => {
    const found = measures[name];
    return found === undefined || 'failed' in found ? 0 : found.perSecond;
  };
  const against = (title: string, other: PeerMeasures): readonly (readonly [string, number])[] =>
    Object.keys(services).flatMap((name) => {
      const theirs = rate(other, name);
      return theirs === 0 ? [] : [[`${name}: calls per second ÷ ${title}`, rate(services, name) / theirs] as const];
    });
  const [one = 0, eight = 0] = Object.values(stack.requests).map(({ perSecond }) => perSecond);
  return [
    ...against('DynamoDB Local by itself', dynamodbLocal),
    ...(peer === undefined ? [] : against(peer.name, peer.services)),
    ['POST /orders: 8 at once ÷ one at a time', eight / one],
    ['lag at half load ÷ idle, p50', stack.effectsAtHalfLoad.p50Ms / stack.effectsIdle.p50Ms],
    ['memory after the orders ÷ before', stack.memoryMb.after / stack.memoryMb.before],
    ...stack.perMillionEvents.map(
      ({ batch, usd, plainUsd }) =>
        [`cost of an event in batches of ${batch} ÷ without guarantees`, usd / plainUsd] as const,
    ),
    ...bundles.map(({ app, initRatio }) => [`${app}: to load ÷ one bundled DynamoDB client`, initRatio] as const),
  ];
}

function calls(title: string, measures: PeerMeasures): Section {
  const cells = (timing: Timing): readonly string[] =>
    [timing.count, timing.perSecond, timing.p50Ms, timing.p95Ms, timing.p99Ms].map(String);
  return {
    title,
    columns: ['', 'calls', 'per second', 'p50 ms', 'p95 ms', 'p99 ms'],
    rows: Object.entries(measures).map(([name, measured]) =>
      'failed' in measured ? [name, `not measured: ${measured.failed}`] : [name, ...cells(measured)],
    ),
  };
}

function prices(all: readonly PerMillion[]): Section {
  const names = all[0]?.guarantees.map(({ guarantee }) => guarantee) ?? [];
  const of = ({ guarantees }: PerMillion, name: string): number =>
    guarantees.find(({ guarantee }) => guarantee === name)?.usd ?? 0;
  return {
    title: 'US dollars a million events on AWS, by list prices',
    columns: ['', ...all.map(({ batch }) => `batches of ${batch}`)],
    rows: [
      ...names.map((name) => [
        name === 'none' ? 'the way itself' : name,
        ...all.map((each) => of(each, name).toFixed(2)),
      ]),
      ['all', ...all.map(({ usd }) => usd.toFixed(2))],
      ['a path without guarantees', ...all.map(({ plainUsd }) => plainUsd.toFixed(2))],
    ],
  };
}

function lags(title: string, hops: Hops): Section {
  return {
    title,
    columns: ['', 'events', 'p50 ms', 'p95 ms', 'p99 ms'],
    rows: Object.entries(hops).map(([hop, { count, p50Ms, p95Ms, p99Ms }]) => [
      hop,
      ...[count, p50Ms, p95Ms, p99Ms].map(String),
    ]),
  };
}

/** The tables for a terminal. */
export function asText(report: Report): string {
  return sections(report)
    .map(({ title, columns, rows }) => tableText([[title, ...columns.slice(1)], ...rows]))
    .join('\n\n');
}

/** The tables for docs/performance.md, with where and when. */
export function asMarkdown(report: Report): string {
  const { machine } = report;
  const table = ({ title, columns, rows }: Section): string => {
    const row = (cells: readonly string[]): string =>
      `| ${columns.map((_, index) => (cells[index] ?? '').replaceAll('|', '\\|')).join(' | ')} |`;
    const rule = `| ${columns.map((_, index) => (index === 0 ? '---' : '---:')).join(' | ')} |`;
    return [`## ${title[0]?.toUpperCase()}${title.slice(1)}`, '', row(columns), rule, ...rows.map(row)].join('\n');
  };
  return [
    '# Performance',
    '',
    '<!-- Written by make bench-report; run it again instead of editing. -->',
    '',
    `Measured ${report.date.slice(0, 10)} by \`make bench-report\`, all in one run: ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Node ${machine.node}, ${machine.system}; load average ${rounded(machine.load)} when it began, which includes other programs' work. The ratios may hold elsewhere; every other figure is one of that machine at that time, and none of AWS.`,
    '',
    sections(report).map(table).join('\n\n'),
    '',
  ].join('\n');
}
