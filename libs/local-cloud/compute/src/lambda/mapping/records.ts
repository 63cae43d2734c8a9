import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';

/** One record of an SQS event, as a function gets it. */
export type SqsRecord = Readonly<Record<string, unknown>> & {
  readonly messageId: string;
  readonly receiptHandle: string;
};

/** Source: Lambda developer guide, with-sqs ("Example standard queue message event"). */
export function toSqsRecord(message: Message, queueArn: string, region: string): SqsRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: { ...message.Attributes },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toAttribute(value)]),
    ),
    ...(message.MD5OfMessageAttributes ? { md5OfMessageAttributes: message.MD5OfMessageAttributes } : {}),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function toAttribute(value: MessageAttributeValue): object {
  return {
    ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
    ...(value.BinaryValue === undefined ? {} : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: value.DataType ?? 'String',
  };
}

/**
 * Cuts a batch so that no event is larger than a function takes.
 * @param eventOf what the function gets of a record
 * @returns the JSON text of each event with its records
 */
export function toEvents<R>(
  records: readonly R[],
  maxBytes: number,
  eventOf: (record: R) => object,
): { readonly records: readonly R[]; readonly payload: Uint8Array }[] {
  const groups: { records: R[]; texts: string[]; bytes: number }[] = [];
  for (const record of records) {
    const text = JSON.stringify(eventOf(record));
    const bytes = Buffer.byteLength(text) + 1;
    const last = groups.at(-1);
    if (last && last.bytes + bytes <= maxBytes) {
      last.records.push(record);
      last.texts.push(text);
      last.bytes += bytes;
    } else groups.push({ records: [record], texts: [text], bytes: bytes + '{"Records":[]}'.length });
  }
  return groups.map((group) => ({
    records: group.records,
    payload: Buffer.from(`{"Records":[${group.texts.join(',')}]}`),
  }));
}
