import { oneLine, wrap, type Style } from '@outbox/cli-kit';
import { formatAggregateId } from '../aggregate-id';
import { STUCK_KINDS, type Stuck, type StuckKind } from './stuck';

/** What each kind is, and what to do about it. */
const MEANING: Readonly<Record<StuckKind, readonly [what: string, todo: string]>> = {
  failed: ['given up by the sweeper', 'once mended: outboxctl failed retry --all'],
  held: ['set aside, later events wait', 'outboxctl dlq redrive or replay, or skip'],
  gap: ['missing, later events wait', 'outboxctl reconcile --repair, or skip'],
  retrying: ['failed, and tried again', 'mend what the consumer needs'],
  claimed: ['an outside call is under way', 'again once its lease is over'],
  dead: ['set aside', 'once mended: outboxctl dlq redrive, or replay'],
  corrupt: ['an item can’t be read', 'outboxctl reconcile says more'],
};

const UNITS = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1_000, name: 's' },
];

/** What is stuck, by kind, some of each: which event, for how long and why. */
export function renderStuck(all: readonly Stuck[], limit: number, now: number, style: Style): string {
  if (all.length === 0) return style.green('nothing is stuck');
  return STUCK_KINDS.flatMap((kind) => {
    const of = all.filter((stuck) => stuck.kind === kind);
    if (of.length === 0) return [];
    const [what, todo] = MEANING[kind];
    const shown = limit === 0 ? of : of.slice(0, limit);
    return [
      ...wrap(`${of.length} ${kind}: ${what} (${todo})`, 2).map((line) => style.bold(line)),
      ...shown.flatMap((stuck) => wrap(sentence(stuck, now), 8, 2)),
      ...(of.length > shown.length ? [`  and ${of.length - shown.length} more (--limit 0 lists all)`] : []),
    ];
  }).join('\n');
}

function sentence(stuck: Stuck, now: number): string {
  const { consumer, sequence, type, since, attempts, why } = stuck;
  const parts = [
    ...(since === undefined ? [] : [`for ${age(now - Date.parse(since))}`]),
    ...(attempts === undefined ? [] : [`attempt ${attempts}`]),
  ];
  return [
    formatAggregateId(stuck),
    ...(sequence === undefined ? [] : [`event ${sequence}`]),
    ...(type === undefined ? [] : [type]),
    ...(consumer === undefined ? [] : [`at ${consumer}`]),
    ...(parts.length === 0 ? [] : [parts.join(', ')]),
  ]
    .join(' ')
    .concat(why === undefined ? '' : `: ${oneLine(why)}`);
}

/** `5 min`, of the largest unit that fits. */
function age(ms: number): string {
  const unit = UNITS.find((each) => ms >= each.ms);
  return unit ? `${Math.floor(ms / unit.ms)} ${unit.name}` : '0 s';
}
