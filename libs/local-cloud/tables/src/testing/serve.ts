import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AwsError, toAwsError } from '@outbox/local-cloud-kernel';
import { isObject, type Json } from '../json';
import { Tables } from '../tables';

/**
 * A program for specs: tables in memory behind HTTP on a free port of loopback, which it prints. It checks neither
 * signatures nor permissions, and ends when its standard input does.
 */

const PLACE = { accountId: '000000000000', region: 'us-east-1' };

const tables = new Tables({ file: ':memory:', now: Date.now, random: Math.random, uuid: randomUUID });

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [status, body] = await answer(request);
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

async function answer(request: IncomingMessage): Promise<[status: number, body: Json]> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    return [200, tables.call(operation, isObject(body) ? body : {}, PLACE)];
  } catch (error) {
    const { code, message, status, members } = error instanceof AwsError ? error : toAwsError(error);
    return [status, { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message, ...members }];
  }
}

// No connection is closed for being idle: a client could send into it at that very moment.
const server = createServer({ keepAliveTimeout: 0 }, (request, response) => void respond(request, response));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) process.stdout.write(`${address.port}\n`);
});
process.stdin.once('end', () => process.exit(0)).resume();
