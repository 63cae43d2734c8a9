import { ACKNOWLEDGER } from '../stack';
import { limitsOf, type Capacity, type Limit } from './limits';

/** A limit, and the load at which it is reached. */
interface Reached {
  readonly eventsPerSecond: number;
  readonly limit: Limit;
}

/** Up to here docs/scaling.md looks. */
const MOST = 10_000;
const CONSUMERS = ['consumer', 'consumer 2', 'consumer 3', 'consumer 4'];
const REGION = 'us-east-1';

/** A stack as Terraform's defaults make it, with four consumers, in an account with AWS's default quotas. */
export const DEPLOYED: Omit<Capacity, 'eventsPerSecond'> = {
  region: REGION,
  consumers: CONSUMERS,
  settings: {
    apiRequests: 100,
    openShards: 1,
    pipe: { parallel: 1, batch: 10 },
    accountConcurrency: 1_000,
    mappings: Object.fromEntries(
      [...CONSUMERS, ACKNOWLEDGER].map((name) => [name, { maximumConcurrency: 5, batch: 10 }]),
    ),
  },
  durations: {
    pipe: { seconds: 0.05, basis: 'assumed' },
    api: { seconds: 0.05, basis: 'assumed' },
    relay: { seconds: 0.01, basis: 'assumed' },
    handlers: {},
  },
};

/** What is reached up to 10,000 events a second, the first first, by the same rules as `outboxctl capacity`. */
export function reachedLimits(stack: Omit<Capacity, 'eventsPerSecond'> = DEPLOYED): readonly Reached[] {
  const at = (eventsPerSecond: number): readonly Limit[] => limitsOf({ ...stack, eventsPerSecond });
  const others = new Set(stack.consumers.slice(1));
  return at(MOST)
    .map(({ part }, index) => {
      const isReached = (rate: number): boolean => {
        const limit = at(rate)[index];
        return limit !== undefined && limit.needed > limit.limit;
      };
      return { part, index, eventsPerSecond: firstRate(isReached) };
    })
    .flatMap(({ part, index, eventsPerSecond }) => {
      const limit = eventsPerSecond === undefined ? undefined : at(eventsPerSecond)[index];
      return others.has(part) || limit === undefined || eventsPerSecond === undefined
        ? []
        : [{ eventsPerSecond, limit }];
    })
    .sort((a, b) => a.eventsPerSecond - b.eventsPerSecond);
}

/** The lowest load for which something holds that holds from there on; undefined: up to the most it doesn't. */
function firstRate(holds: (rate: number) => boolean): number | undefined {
  if (!holds(MOST)) return undefined;
  let [below, from] = [0, MOST];
  while (from - below > 1) {
    const middle = Math.floor((below + from) / 2);
    if (holds(middle)) from = middle;
    else below = middle;
  }
  return from;
}

/** The limits as a table in Markdown. */
export function scalingTable(): string {
  const rows = reachedLimits().map(({ eventsPerSecond, limit: { part, limit, unit, lever, because } }) =>
    [String(eventsPerSecond), part, `${limit} ${unit}`, because, lever].join(' | '),
  );
  return [
    '| events a second | what is reached | there is | what is needed | what raises it |',
    '| --: | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}
