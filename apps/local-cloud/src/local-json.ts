import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a path under `/_local/` answers. */
export type JsonAnswer = readonly [status: number, body: unknown];

const MAX_BODY_BYTES = 4_096;

/** The body of a request as text; undefined when it is larger than these paths take. */
export async function readText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString('utf8') : undefined;
}

/** Sends an answer as JSON. */
export function sendJson(response: ServerResponse, [status, body]: JsonAnswer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) });
  response.end(text);
}
