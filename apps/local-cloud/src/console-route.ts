import { readFile } from 'node:fs/promises';
import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { HttpRoute } from '@outbox/local-cloud-kernel';

const NONE = 'No console runs beside this local cloud: make up starts one, outboxctl console shows any stack.\n';

/** In the local cloud's folder: the port of the program that serves the console of the stack it runs. */
export const CONSOLE_PORT_FILE = 'console.port';

/**
 * Hands everything under `/_console` on to the program whose port is noted in `directory`, as it comes and with what its
 * client sent: that program judges Host and Origin. The engine knows nothing of what is behind it.
 */
export function consoleRoute(directory: string): HttpRoute {
  return {
    prefix: '/_console',
    handle: async (request, response) => {
      const port = await notedPort(join(directory, CONSOLE_PORT_FILE));
      if (port === undefined) sendText(response, 404, NONE);
      else await handOn(`http://127.0.0.1:${port}`, request, response);
    },
  };
}

async function notedPort(file: string): Promise<number | undefined> {
  const port = Number(await readFile(file, 'utf8').catch(() => ''));
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : undefined;
}

async function handOn(origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const { method, url = '/', headers } = request;
    const passed = send(`${origin}${url}`, { method, headers, setHost: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    passed.on('error', (error) => {
      if (response.headersSent) response.destroy();
      else sendText(response, 502, `The console at ${origin} doesn't answer: ${error.message}\n`);
    });
    // An event stream ends when its reader leaves.
    response.on('close', () => {
      passed.destroy();
      resolve();
    });
    request.pipe(passed);
  });
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
