import { createHmac, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Engine, HttpRoute } from '@outbox/local-cloud-kernel';
import type { CodeFolders } from './code-folder';
import type { CodeRecord } from './model';

const PREFIX = '/_code/';
/** How long a link is good for. Source: Lambda API reference, GetFunction. */
const VALID_SECONDS = 600;

/** Links to the zips that functions were made from, good for ten minutes and only as long as this engine runs. */
export class CodeDownloads {
  readonly #secret: string;

  constructor(
    private readonly engine: Pick<Engine, 'clock' | 'ids' | 'origin'>,
    private readonly folders: CodeFolders,
  ) {
    this.#secret = engine.ids.uuid();
  }

  /** Undefined for code whose zip is not there: an engine kept none before it gave links. */
  link(code: CodeRecord): string | undefined {
    const zip = this.folders.zipOf(code.folder);
    if (zip === undefined) return undefined;
    const expires = Math.floor(this.engine.clock.now() / 1000) + VALID_SECONDS;
    const path = `${PREFIX}${code.folder}.zip`;
    return `${this.engine.origin}${path}?Expires=${expires}&Signature=${this.#sign(path, expires)}`;
  }

  readonly route: HttpRoute = {
    prefix: PREFIX,
    handle: async (request, response) => {
      const url = new URL(request.url ?? '', this.engine.origin);
      const expires = Number(url.searchParams.get('Expires'));
      const signature = Buffer.from(url.searchParams.get('Signature') ?? '');
      const expected = Buffer.from(this.#sign(url.pathname, expires));
      if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
        refuse(response, 403, 'The signature does not match.');
        return;
      }
      if (expires * 1000 < this.engine.clock.now()) {
        refuse(response, 403, 'The link has expired: call GetFunction again.');
        return;
      }
      const zip = this.folders.zipOf(folderOf(url.pathname));
      if (zip === undefined) {
        refuse(response, 404, 'The code is gone.');
        return;
      }
      response.writeHead(200, { 'content-type': 'application/zip' });
      await pipeline(createReadStream(zip), response);
    },
  };

  #sign(path: string, expires: number): string {
    return createHmac('sha256', this.#secret).update(`${path} ${expires}`).digest('hex');
  }
}

function refuse(response: ServerResponse, status: number, problem: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${problem}\n`);
}

function folderOf(path: string): string {
  return path.slice(PREFIX.length, -'.zip'.length);
}
