/** When these were looked up. All but what says otherwise are defaults that AWS raises on request: an account may have more. */
export const QUOTAS_AS_OF = '2026-11-25';

/** A quota or limit with where AWS documents it. */
export interface Quota {
  readonly value: number;
  readonly source: string;
}

/** Quotas that are the same in every region. */
export const QUOTAS = {
  tableWriteUnits: {
    value: 40_000,
    source: 'DynamoDB developer guide, "Quotas": write request units of an on-demand table, and of each of its indexes',
  },
  newTableWriteUnits: {
    value: 4_000,
    source:
      'DynamoDB developer guide, "On-demand capacity mode": what a new table takes at once; later double its peak',
  },
  partitionWriteUnits: {
    value: 1_000,
    source: 'DynamoDB developer guide, "Designing partition keys": of one partition, can’t be raised',
  },
  mappingConcurrency: {
    value: 1_250,
    source:
      'Lambda developer guide, "Scaling behavior for SQS": batches of one queue at a time, more in provisioned mode only',
  },
  messagesInFlight: {
    value: 120_000,
    source: 'SQS developer guide, "Standard queue quotas": received and not yet deleted, of one queue',
  },
} as const satisfies Readonly<Record<string, Quota>>;

/** Of a region, per second; regions that are not listed have the least. */
interface BusQuota {
  readonly putEvents: number;
  readonly invocations: number;
}

const LARGE: BusQuota = { putEvents: 10_000, invocations: 18_750 };
const MIDDLE: BusQuota = { putEvents: 2_400, invocations: 4_500 };
const SMALL: BusQuota = { putEvents: 1_200, invocations: 2_250 };
const SMALLER: BusQuota = { putEvents: 600, invocations: 1_100 };
const SMALLEST: BusQuota = { putEvents: 400, invocations: 750 };

const BUS: ReadonlyMap<string, BusQuota> = new Map([
  ...['us-east-1', 'us-west-2', 'eu-west-1'].map((region) => [region, LARGE] as const),
  ...['us-east-2', 'eu-central-1', 'eu-south-2'].map((region) => [region, MIDDLE] as const),
  ...['us-west-1', 'ap-northeast-1', 'ap-southeast-1', 'ap-southeast-2', 'eu-west-2'].map(
    (region) => [region, SMALL] as const,
  ),
  ...['ap-east-1', 'ap-northeast-2', 'ap-south-1', 'ca-central-1', 'eu-north-1', 'eu-west-3', 'sa-east-1'].map(
    (region) => [region, SMALLER] as const,
  ),
]);

/** Requests per second: the regions with fewer. */
const SLOWER_APIS: ReadonlySet<string> = new Set(
  'af-south-1 eu-south-1 ap-southeast-3 me-central-1 ap-south-2 ap-southeast-4 eu-south-2 eu-central-2 il-central-1 ca-west-1 ap-southeast-5 ap-southeast-7 mx-central-1'.split(
    ' ',
  ),
);

/** Quotas that depend on the region. */
export function regionalQuotas(
  region: string,
): Readonly<Record<'putEvents' | 'invocations' | 'pipeExecutions' | 'apiRequests', Quota>> {
  const { putEvents, invocations } = BUS.get(region) ?? SMALLEST;
  const eventbridge = `EventBridge user guide, "Quotas", ${region}`;
  return {
    putEvents: { value: putEvents, source: `${eventbridge}: PutEvents requests per second` },
    invocations: { value: invocations, source: `${eventbridge}: invocations of rules’ targets per second` },
    pipeExecutions: {
      value: BUS.get(region) === LARGE ? 3_000 : 1_000,
      source: `${eventbridge}: concurrent pipe executions of an account`,
    },
    apiRequests: {
      value: SLOWER_APIS.has(region) ? 2_500 : 10_000,
      source: `API Gateway developer guide, "Quotas", ${region}: requests per second of an account`,
    },
  };
}
