/** A list price: `usd` for every `per` units. */
export interface Price {
  readonly usd: number;
  readonly per: number;
  readonly unit: string;
}

/** When these were looked up, and for which region: list prices without free tiers. Check them before you rely on them. */
export const PRICES_AS_OF = { date: '2026-11-23', region: 'us-east-1' } as const;

const MILLION = 1_000_000;

/**
 * What this stack is billed by. Sources: AWS's pricing pages of API Gateway, Lambda, DynamoDB (on demand, since
 * 2024-11-01), EventBridge (bus, pipes, scheduler), SQS and CloudWatch, as quoted by public price tables on that date.
 */
export const PRICES = {
  restApiRequest: { usd: 3.5, per: MILLION, unit: 'requests' },
  httpApiRequest: { usd: 1, per: MILLION, unit: 'requests of up to 512 KB' },
  lambdaRequest: { usd: 0.2, per: MILLION, unit: 'requests' },
  lambdaGigabyteSecond: { usd: 0.000_013_333_4, per: 1, unit: 'GB-seconds on arm64' },
  dynamodbWrite: { usd: 0.625, per: MILLION, unit: 'write units' },
  dynamodbRead: { usd: 0.125, per: MILLION, unit: 'read units' },
  pipeRequest: { usd: 0.4, per: MILLION, unit: 'requests of up to 64 KB, after the filter' },
  busEvent: { usd: 1, per: MILLION, unit: 'events of up to 64 KB' },
  archivedGigabyte: { usd: 0.1, per: 1, unit: 'GB archived' },
  sqsRequest: { usd: 0.4, per: MILLION, unit: 'requests of up to 64 KB' },
  schedulerInvocation: { usd: 1, per: MILLION, unit: 'invocations' },
  loggedGigabyte: { usd: 0.5, per: 1, unit: 'GB of logs' },
  customMetric: { usd: 0.3, per: 1, unit: 'custom metrics' },
  alarm: { usd: 0.1, per: 1, unit: 'alarms' },
  compositeAlarm: { usd: 0.5, per: 1, unit: 'composite alarms' },
  dashboard: { usd: 3, per: 1, unit: 'dashboards' },
} as const satisfies Readonly<Record<string, Price>>;

/** What a price is for. */
export type Meter = keyof typeof PRICES;

/** What so many units cost, in US dollars. */
export function costOf(meter: Meter, units: number): number {
  const { usd, per } = PRICES[meter];
  return (usd * units) / per;
}
