import fc from 'fast-check';
import { deadLetter } from './dead-letter';

describe('deadLetter', () => {
  const message = { body: '{"detail":{}}', firstReceivedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6), receives: 3 };
  const letter = (detail: string) => deadLetter('dlq', message, { consumer: 'billing', reason: 'malformed', detail });

  it('copies the body and says whose it is, why, since when and how often it came', () => {
    expect(letter('no subject')).toEqual({
      QueueUrl: 'dlq',
      MessageBody: message.body,
      MessageAttributes: {
        reason: { DataType: 'String', StringValue: 'malformed' },
        detail: { DataType: 'String', StringValue: 'no subject' },
        consumer: { DataType: 'String', StringValue: 'billing' },
        firstReceivedAt: { DataType: 'String', StringValue: '2026-01-02T03:04:05.006Z' },
        receiveCount: { DataType: 'Number', StringValue: '3' },
      },
    });
  });

  it('makes any evidence a text that SQS takes', () => {
    const evidence = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 1_200 }),
      fc.constantFrom('', '\u0000', '\uD83D', `${'x'.repeat(999)}😀`, '\uFFFE'),
    );
    fc.assert(
      fc.property(evidence, (detail) => {
        const value = letter(detail).MessageAttributes?.['detail']?.StringValue ?? '';
        expect(value.length).toBeGreaterThan(0);
        expect(value.length).toBeLessThanOrEqual(1_000);
        expect([...value].filter((character) => !isXml(character.codePointAt(0) ?? 0))).toEqual([]);
      }),
    );
  });
});

/** XML 1.0, production 2 (Char). */
function isXml(code: number): boolean {
  return (
    [0x9, 0xa, 0xd].includes(code) ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    code >= 0x10000
  );
}
