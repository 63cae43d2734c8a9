import { columns, wrap, type Style } from '@outbox/cli-kit';
import type { AlarmView, Condition, Pipeline, StageView } from '@outbox/console-api';
import { duration, seconds } from '../lag/render';
import { PIPE } from '../stack';

/** What is as it should be: nothing has to be done about it. */
const GOOD: ReadonlySet<Condition> = new Set<Condition>(['running', 'waiting']);
const HEAD = ['stage', 'is', '/min', 'waiting', 'oldest', 'lag p99', 'dead'];

/** Whether anything of it needs somebody. */
export function isHealthy({ stages, alarms }: Pipeline): boolean {
  return stages.every(({ condition }) => GOOD.has(condition)) && alarms.every(({ state }) => state !== 'ALARM');
}

/** The pipeline on one screen of 80 columns: a line per stage, then what is wrong and what to do about it. */
export function renderStatus(pipeline: Pipeline, style: Style): string {
  const { stages, alarms, objectiveSeconds, at } = pipeline;
  const [head = '', ...lines] = columns([HEAD, ...stages.map(cells)]);
  const todo = stages.filter(({ condition }) => !GOOD.has(condition)).flatMap(sentencesOf);
  const ringing = alarms.filter(({ state }) => state === 'ALARM');
  const verdict = isHealthy(pipeline)
    ? [style.green(`all is well: within ${objectiveSeconds} s, nothing dead, ${quiet(alarms)}`)]
    : [];
  return [
    style.dim(at),
    style.bold(head),
    ...lines.map((line, index) => colour(stages[index]?.condition, style)(line)),
    '',
    ...todo.flatMap((text) => wrap(text, 2)).map((line) => style.red(line)),
    ...ringing.flatMap((alarm) => wrap(alarmSentence(alarm), 2)).map((line) => style.red(line)),
    ...verdict,
  ].join('\n');
}

function cells(stage: StageView): string[] {
  const { name, condition, perMinute, waiting, underWay = 0, oldestSeconds, lagMs, deadLetters = 0 } = stage;
  return [
    name,
    condition,
    // The running minute isn't over.
    perMinute === undefined ? '' : String(perMinute.at(-2) ?? 0),
    waiting === undefined ? '' : String(waiting + underWay),
    typeof oldestSeconds === 'number' ? seconds(oldestSeconds) : oldestSeconds === null ? '?' : '',
    lagMs ? duration(lagMs.p99) : '',
    deadLetters === 0 ? '' : String(deadLetters),
  ];
}

/** What is wrong with a stage, and the command that says more or mends it. */
function sentencesOf({ name, kind, condition, says, deadLetters = 0 }: StageView): string[] {
  const switchName = kind === 'relay' ? PIPE : name;
  const queue = kind === 'relay' ? PIPE : kind === 'outbox' ? 'outbox-sweeper' : name;
  const todo = [
    ...(condition === 'stopped' ? [`outboxctl resume ${switchName}`] : []),
    ...(condition === 'failing' || (condition === 'behind' && deadLetters === 0) ? ['outboxctl stuck'] : []),
    ...(deadLetters > 0 ? [`outboxctl dlq show ${queue}`] : []),
  ];
  return [`${name} is ${condition}: ${says.join(', ')} (${todo.join(', ')})`];
}

function alarmSentence({ name, since, runbook }: AlarmView): string {
  const when = since === undefined ? '' : ` since ${since}`;
  return `alarm ${name}${when}${runbook === undefined ? '' : `: ${runbook}`}`;
}

function quiet(alarms: readonly AlarmView[]): string {
  return alarms.length === 0 ? 'no alarms are known' : 'no alarm is on';
}

function colour(condition: Condition | undefined, style: Style): (text: string) => string {
  if (condition === undefined || condition === 'running') return (text) => text;
  return condition === 'waiting' ? (text) => style.yellow(text) : (text) => style.red(text);
}
