import type { SQSRecord } from 'aws-lambda';

/** A record of an SQS event as Lambda delivers it; times are milliseconds since the epoch. */
export function sqsRecord(
  body: string,
  {
    messageId = 'm',
    queuedAt = Date.UTC(2026, 0, 1, 12),
    firstReceivedAt = queuedAt,
    receives = 1,
    attributes = {},
  }: {
    messageId?: string;
    queuedAt?: number;
    firstReceivedAt?: number;
    receives?: number;
    attributes?: Readonly<Record<string, string>>;
  } = {},
): SQSRecord {
  return {
    messageId,
    receiptHandle: `handle-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(queuedAt),
      SenderId: 'AROAEXAMPLE:events',
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:queue',
    awsRegion: 'us-east-1',
  };
}

/** A `detail` in EventBridge's envelope, as a rule without a transformer puts it on a queue; `more` are members beside it. */
export function busEnvelope(detail: unknown, time = '2026-01-01T11:59:59Z', more: object = {}): string {
  return JSON.stringify({
    version: '0',
    id: '0d0c6f4e-6a3e-4c0b-9f3e-2b7a3e7f0001',
    'detail-type': 'event',
    source: sourceOf(detail),
    account: '000000000000',
    time,
    region: 'us-east-1',
    resources: [],
    detail,
    ...more,
  });
}

/** The bus is told the source of the event. */
function sourceOf(detail: unknown): string {
  return typeof detail === 'object' && detail !== null && 'source' in detail ? String(detail.source) : 'orders';
}
