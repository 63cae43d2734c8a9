import type { MessageAttributeValue, SendMessageBatchRequestEntry, SendMessageRequest } from '@aws-sdk/client-sqs';
import {
  invalidMessageContents,
  invalidParameter,
  invalidValue,
  listValuesUnsupported,
  missingParameter,
} from './errors';
import { MAX_ATTRIBUTES, MAX_DELAY_SECONDS } from './limits';

type Sent = SendMessageRequest | SendMessageBatchRequestEntry;

const ALLOWED_TEXT = /^[\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
/** Characters and length of a message group (SQS API reference, SendMessage). */
const GROUP_ID = /^[!-~]{1,128}$/;

/** Bytes of the message as SQS counts them: body, and name, type and value of each attribute. */
export function messageBytes(sent: Sent): number {
  let bytes = Buffer.byteLength(sent.MessageBody ?? '');
  for (const [name, attribute] of Object.entries(sent.MessageAttributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType ?? '');
    bytes += attribute.BinaryValue?.byteLength ?? Buffer.byteLength(attribute.StringValue ?? '');
  }
  return bytes;
}

/** @throws AwsError in SQS's wording when the message can't go on the queue; what belongs to FIFO queues is checked before */
export function checkMessage(sent: Sent, maximumBytes: number, isFifo: boolean): void {
  if (!sent.MessageBody) throw missingParameter('MessageBody');
  if (!ALLOWED_TEXT.test(sent.MessageBody)) throw invalidMessageContents();
  if (!isFifo && sent.MessageDeduplicationId !== undefined) {
    throw invalidValue(
      sent.MessageDeduplicationId,
      'MessageDeduplicationId',
      'The request include parameter that is not valid for this queue type',
    );
  }
  const group = sent.MessageGroupId;
  if (group !== undefined && !GROUP_ID.test(group)) {
    throw invalidValue(
      group,
      'MessageGroupId',
      'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  }
  checkDelay(sent.DelaySeconds);
  const attributes = Object.entries(sent.MessageAttributes ?? {});
  if (attributes.length > MAX_ATTRIBUTES) {
    throw invalidParameter(
      `Number of message attributes [${attributes.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    );
  }
  for (const [name, attribute] of attributes) checkAttribute(name, attribute);
  checkSystemAttributes(sent);
  if (messageBytes(sent) > maximumBytes) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximumBytes} bytes.`,
    );
  }
}

function checkDelay(seconds: number | undefined): void {
  if (seconds === undefined) return;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_DELAY_SECONDS) {
    throw invalidValue(seconds, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`);
  }
}

/** Rules of the SQS developer guide, "Message attribute components". */
function checkAttribute(name: string, attribute: MessageAttributeValue): void {
  if (!/^[\w.-]{1,256}$/.test(name) || /^\.|\.$|\.\.|^(aws|amazon)\./i.test(name)) {
    throw invalidParameter(`Message (user) attribute name '${name}' is invalid.`);
  }
  if (attribute.StringListValues?.length || attribute.BinaryListValues?.length) throw listValuesUnsupported();
  const dataType = attribute.DataType;
  if (!dataType)
    throw invalidParameter(`The message attribute '${name}' must contain a non-empty message attribute type.`);
  const [base] = dataType.split('.');
  if (!['String', 'Number', 'Binary'].includes(base ?? '') || dataType.length > 256) {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  if (base === 'Binary' ? !attribute.BinaryValue?.byteLength : !attribute.StringValue) {
    throw invalidParameter(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${base ?? ''}'.`,
    );
  }
  if (attribute.StringValue !== undefined && !ALLOWED_TEXT.test(attribute.StringValue)) throw invalidMessageContents();
  if (base === 'Number' && !isNumber(attribute.StringValue ?? '')) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text);
}

function checkSystemAttributes(sent: Sent): void {
  for (const [name, attribute] of Object.entries(sent.MessageSystemAttributes ?? {})) {
    if (name !== 'AWSTraceHeader') throw invalidParameter(`Message system attribute name '${name}' is invalid.`);
    if (attribute.DataType !== 'String' || !attribute.StringValue) {
      throw invalidParameter(`The message system attribute '${name}' must contain a non-empty value of type 'String'.`);
    }
  }
}
