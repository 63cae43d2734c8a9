import { checkParties } from './pipe-checks';

const parties = {
  Source: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000',
  Target: 'arn:aws:events:us-east-1:000000000000:event-bus/orders',
  RoleArn: 'arn:aws:iam::000000000000:role/pipe',
};

describe('what a pipe connects', () => {
  it('may be a stream, a bus and a role', () => {
    expect(() => checkParties(parties, 'CreatePipe')).not.toThrow();
  });

  it.each([
    ['Target', 'orders'],
    ['Source', 'orders'],
    ['Enrichment', 'relay'],
    ['RoleArn', 'arn:aws:sqs:us-east-1:000000000000:orders'],
  ])("is an ARN, or AWS's request validator names the member: %s %s", (name, value) => {
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    expect(() => checkParties({ ...parties, [name]: value }, 'CreatePipe')).toThrow(
      expect.objectContaining({
        code: 'ValidationException',
        message: expect.stringContaining(
          `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: `,
        ) as string,
      }) as Error,
    );
  });

  it('is no bus without a name', () => {
    const Target = 'arn:aws:events:us-east-1:000000000000:event-bus/';
    expect(() => checkParties({ ...parties, Target }, 'CreatePipe')).toThrow(`Target ARN ${Target} is not valid.`);
  });
});
