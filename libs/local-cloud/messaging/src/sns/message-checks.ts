import type { MessageAttributeValue, PublishBatchRequestEntry, PublishInput } from '@aws-sdk/client-sns';
import { unsupported } from '@outbox/local-cloud-kernel';
import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { invalidAttributeValue, invalidParameter } from './errors';
import type { NotificationAttribute } from './notification';
import { MAX_MESSAGE_BYTES, MAX_SUBJECT } from './limits';

/** What a publication and an entry of a batch have in common. */
export type Published = PublishInput | PublishBatchRequestEntry;

const TYPES = ['String', 'String.Array', 'Number', 'Binary'];

/** Bytes of a message as SNS counts them: text, and name, type and value of each attribute. */
export function publishedBytes(published: Published): number {
  let bytes = Buffer.byteLength(published.Message ?? '');
  for (const [name, attribute] of Object.entries(published.MessageAttributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType ?? '');
    bytes += attribute.BinaryValue?.byteLength ?? Buffer.byteLength(attribute.StringValue ?? '');
  }
  return bytes;
}

/** @throws AwsError in SNS's wording when a standard topic does not take it */
export function checkPublished(published: Published, operation: string): void {
  if (!published.Message) throw invalidParameter('Empty message');
  if (publishedBytes(published) > MAX_MESSAGE_BYTES) throw invalidParameter('Message too long');
  checkSubject(published.Subject);
  if (published.MessageDeduplicationId !== undefined) {
    throw invalidParameter(
      'MessageDeduplicationId',
      'The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  }
  if (published.MessageGroupId !== undefined) throw unsupported('sns', operation, 'MessageGroupId');
}

/** The message by protocol: the same for all, unless the request says it is JSON of them. */
export function textsOf({ Message: text = '', MessageStructure: structure }: Published): Record<string, string> {
  if (!structure) return { default: text };
  if (structure !== 'json') throw invalidParameter('MessageStructure');
  const parsed = parseJson(text);
  if (!isJsonObject(parsed)) throw invalidParameter('Message Structure - JSON message body failed to parse');
  const texts = Object.entries(parsed).flatMap(([protocol, value]) =>
    typeof value === 'string' ? [[protocol, value] as const] : [],
  );
  if (!texts.some(([protocol]) => protocol === 'default')) {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return Object.fromEntries(texts);
}

/** @throws AwsError ParameterValueInvalid for an attribute that is none */
export function attributesOf({ MessageAttributes: attributes }: Published): Record<string, NotificationAttribute> {
  return Object.fromEntries(
    Object.entries(attributes ?? {}).map(([name, attribute]) => [name, checkAttribute(name, attribute)]),
  );
}

function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  // Source: API reference, Publish: less than 100 characters, no line breaks or control characters, no space at first.
  if (!/^[^\p{Cc}\s][^\p{Cc}]*$/u.test(subject) || subject.length > MAX_SUBJECT) throw invalidParameter('Subject');
}

function checkAttribute(name: string, attribute: MessageAttributeValue): NotificationAttribute {
  if (!/^[\w.-]{1,256}$/.test(name) || /^\.|\.$|\.\.|^(aws|amazon)\./i.test(name)) {
    throw invalidAttributeValue(`The message attribute name '${name}' is invalid.`);
  }
  const type = attribute.DataType ?? '';
  if (!TYPES.some((known) => type === known || type.startsWith(`${known}.`))) {
    throw invalidAttributeValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const value = type.startsWith('Binary')
    ? Buffer.from(attribute.BinaryValue ?? []).toString('base64')
    : (attribute.StringValue ?? '');
  if (value === '') {
    throw invalidAttributeValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  return { Type: type, Value: value };
}
