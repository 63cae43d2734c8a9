import type { _Record, AttributeValue } from '@aws-sdk/client-dynamodb-streams';
import type { Json, JsonObject } from '@outbox/local-cloud-pattern';

/** A record of a stream as pipes and mappings carry it. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The item's key: records of one key stay in order. */
  readonly key: string;
  /** As filters, templates and functions see it. */
  readonly event: JsonObject;
}

/** The event AWS makes of a stream record (Lambda guide, "Using AWS Lambda with Amazon DynamoDB"; pipes carry the same). */
export function streamRecord(record: _Record, streamArn: string, region: string): StreamRecord {
  const { dynamodb = {}, userIdentity } = record;
  const createdAt = dynamodb.ApproximateCreationDateTime?.getTime() ?? 0;
  const keys = image(dynamodb.Keys);
  const event: JsonObject = {
    eventID: record.eventID ?? '',
    eventName: record.eventName ?? '',
    eventVersion: record.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(createdAt / 1000),
      ...(keys ? { Keys: keys } : {}),
      ...imageMember('NewImage', dynamodb.NewImage),
      ...imageMember('OldImage', dynamodb.OldImage),
      SequenceNumber: dynamodb.SequenceNumber ?? '',
      SizeBytes: dynamodb.SizeBytes ?? 0,
      StreamViewType: dynamodb.StreamViewType ?? '',
    },
    eventSourceARN: streamArn,
    ...(userIdentity
      ? { userIdentity: { type: userIdentity.Type ?? '', principalId: userIdentity.PrincipalId ?? '' } }
      : {}),
  };
  return { sequenceNumber: dynamodb.SequenceNumber ?? '', createdAt, key: JSON.stringify(keys ?? {}), event };
}

function imageMember(name: string, attributes: Record<string, AttributeValue> | undefined): JsonObject {
  const value = image(attributes);
  return value ? { [name]: value } : {};
}

function image(attributes: Record<string, AttributeValue> | undefined): JsonObject | undefined {
  if (!attributes) return undefined;
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attribute(value)]));
}

function attribute(value: AttributeValue): Json {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(attribute) };
  if (value.M !== undefined) return { M: image(value.M) ?? {} };
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.SS !== undefined) return { SS: value.SS };
  if (value.NS !== undefined) return { NS: value.NS };
  return { NULL: true };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
