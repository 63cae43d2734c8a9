import type { Message } from '@aws-sdk/client-sqs';
import { addUp, countReasons } from './dead-letters';

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

describe('dead letters', () => {
  it('are counted by reason: the library’s, EventBridge’s, or SQS’s, which gives none', () => {
    const messages: Pick<Message, 'MessageAttributes'>[] = [
      { MessageAttributes: { reason: text('gap') } },
      {},
      { MessageAttributes: { reason: text('gap'), detail: text('…') } },
      { MessageAttributes: { ERROR_CODE: text('NO_PERMISSIONS') } },
    ];
    expect(countReasons('mailer', messages)).toEqual([
      { consumer: 'mailer', reason: 'gap', count: 2 },
      { consumer: 'mailer', reason: 'receives', count: 1 },
      { consumer: 'mailer', reason: 'undelivered', count: 1 },
    ]);
  });

  it('of several looks are added up by consumer and reason', () => {
    const look = [
      { consumer: 'a', reason: 'gap', count: 2 },
      { consumer: 'b', reason: 'gap', count: 1 },
    ];
    expect(addUp([...look, ...look.slice(0, 1)])).toEqual([
      { consumer: 'a', reason: 'gap', count: 4 },
      { consumer: 'b', reason: 'gap', count: 1 },
    ]);
  });
});
