import { Agent, request } from 'node:http';
import { AwsError } from '@outbox/local-cloud-kernel';
import type { Place } from '../place';
import type { Json } from '../proxy/json';
import type { LocalServer } from './local-server';
import { wording } from './wording';

export type Api = 'dynamodb' | 'dynamodbstreams';

const TARGETS: Readonly<Record<Api, string>> = {
  dynamodb: 'DynamoDB_20120810',
  dynamodbstreams: 'DynamoDBStreams_20120810',
};

/** In JSON as `JSON.stringify` writes it: half of a surrogate pair, which is no character of UTF-8. */
const HALF_A_PAIR = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** Characters that DynamoDB Local's parser takes in the name of a member. */
const LONGEST_NAME = 50_000;

/**
 * What DynamoDB Local can't read it answers with an internal failure, though it is the client's mistake.
 * @throws AwsError SerializationException
 */
function serialized(body: Json): string {
  const text = JSON.stringify(body);
  if (HALF_A_PAIR.test(text)) throw new AwsError('SerializationException', 'Strings must be valid UTF-8');
  if (text.length > LONGEST_NAME && hasLongName(body)) {
    throw new AwsError('SerializationException', `Names of members have at most ${LONGEST_NAME} characters`);
  }
  return text;
}

function hasLongName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => name.length > LONGEST_NAME || hasLongName(member));
}

/** Calls DynamoDB Local over connections that are kept open. */
export class LocalClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64, noDelay: true });

  constructor(private readonly server: Pick<LocalServer, 'port'>) {}

  /**
   * One operation, JSON to JSON.
   * @throws AwsError as DynamoDB Local answered it, its further members (e.g. `CancellationReasons`) as plain JSON
   */
  async call(api: Api, operation: string, body: Json, place: Place): Promise<Json> {
    const sent = serialized(body);
    const port = await this.server.port();
    const { status, text } = await this.#post(port, `${TARGETS[api]}.${operation}`, sent, place);
    const answer = JSON.parse(text || '{}') as Json;
    if (status === 200) return answer;
    const { __type: type, message, Message, ...members } = answer;
    const code =
      String(type ?? 'InternalServerError')
        .split('#')
        .at(-1) ?? '';
    const said = String(Message ?? message ?? '');
    throw new AwsError(code, wording(code, said, operation, body, place) || text, { status, members });
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(port: number, target: string, body: string, place: Place): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          host: '127.0.0.1',
          port,
          method: 'POST',
          path: '/',
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'content-length': Buffer.byteLength(body),
            'x-amz-target': target,
            // It checks no signature, but keeps one database per access key and region: that keeps accounts apart.
            authorization: `AWS4-HMAC-SHA256 Credential=${place.accountId}/20260101/${place.region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 500, text: Buffer.concat(chunks).toString('utf8') }),
          );
        },
      );
      sent.on('error', (cause) =>
        reject(new AwsError('InternalServerError', `DynamoDB Local: ${cause.message}`, { status: 500, cause })),
      );
      sent.end(body);
    });
  }
}
