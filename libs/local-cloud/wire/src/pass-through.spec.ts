import { crc32 } from 'node:zlib';
import { DynamoDBClient, GetItemCommand, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { AwsError, type Service, type ServiceName } from '@outbox/local-cloud-kernel';
import { CREDENTIALS, startSpecServer, type SpecServer } from './testing/spec-server';

describe('a service behind a server of its own', () => {
  let server: SpecServer;
  const passed: string[] = [];

  beforeAll(async () => {
    const service = {
      name: 'dynamodb',
      operations: { GetItem: { requires: () => [] }, UpdateContinuousBackups: { requires: () => [] } },
      passThrough: async (operation: string, body: Record<string, unknown>) => {
        passed.push(operation);
        if (body['TableName'] === 'none') throw new AwsError('ResourceNotFoundException', 'none');
        return { Item: { name: { S: 'Zoë' } } };
      },
    } as unknown as Service<ServiceName>;
    server = await startSpecServer([service]);
  });
  afterAll(() => server.close());

  const client = () =>
    new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 1 });

  /** The checksum in the header, and the one of the bytes as they came. */
  const checksums = async (TableName: string): Promise<{ told: unknown; real: string }> => {
    let seen = { told: undefined as unknown, real: '' };
    const dynamodb = client();
    dynamodb.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { headers, body } = result.response as {
          headers: Record<string, string>;
          body: AsyncIterable<Uint8Array>;
        };
        const chunks: Uint8Array[] = [];
        for await (const chunk of body) chunks.push(chunk);
        seen = { told: headers['x-amz-crc32'], real: String(crc32(Buffer.concat(chunks))) };
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    await dynamodb.send(new GetItemCommand({ TableName, Key: { pk: { S: '1' } } })).catch(() => undefined);
    return seen;
  };

  it('answers with the checksum of the bytes, of errors too', async () => {
    for (const table of ['orders', 'none']) {
      const { told, real } = await checksums(table);
      expect(told).toBe(real);
    }
  });

  it('is not asked where a required member is missing, however deep', async () => {
    passed.length = 0;
    const send = (input: object) => client().send(new UpdateContinuousBackupsCommand(input as never));
    await expect(send({ TableName: 'orders' })).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value null at 'pointInTimeRecoverySpecification' failed to satisfy constraint: Member must not be null",
    });
    await expect(send({ TableName: 'orders', PointInTimeRecoverySpecification: {} })).rejects.toMatchObject({
      message: expect.stringContaining('pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled') as unknown,
    });
    expect(passed).toEqual([]);
  });
});
