import { receiptHandleInvalid } from './errors';

/** What a receipt handle says: one receive of one message of one queue. */
export interface Receipt {
  readonly queueArn: string;
  readonly messageId: string;
  readonly token: string;
}

export function receiptHandle(receipt: Receipt): string {
  return Buffer.from([receipt.queueArn, receipt.messageId, receipt.token].join(' ')).toString('base64');
}

/** @throws AwsError ReceiptHandleIsInvalid when the text is no handle of that queue */
export function readReceiptHandle(handle: string | undefined, queueArn: string): Receipt {
  const [arn, messageId, token, ...rest] = Buffer.from(handle ?? '', 'base64')
    .toString('utf8')
    .split(' ');
  if (arn !== queueArn || !messageId || !token || rest.length > 0) throw receiptHandleInvalid(handle ?? '');
  return { queueArn, messageId, token };
}
