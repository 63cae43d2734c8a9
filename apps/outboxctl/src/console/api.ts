import type { Action, Job, Session } from '@outbox/console-api';
import * as z from 'zod';
import { changesAnything, readAction } from './actions';
import { send, type StoredRequest } from './requests';
import type { Reads } from './reads';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface ApiParts {
  readonly session: Session;
  readonly reads: Pick<Reads, 'trace' | 'match' | 'deadLetters' | 'failed' | 'denials' | 'stuck'>;
  readonly jobs: { list(): readonly Job[]; start(action: Action): Job };
  readonly requests: readonly StoredRequest[];
  readonly stop: AbortSignal;
}

const sending = z.strictObject({
  request: z.number().int().min(0),
  count: z.number().int().min(1).max(1_000),
  perSecond: z.number().min(1).max(200).optional(),
});

/** What a page may ask for and have done, by method and path. Who may ask is decided before. */
export class Api {
  constructor(private readonly parts: ApiParts) {}

  /** undefined when there is no such path. @throws what a read throws */
  async answer(place: string, query: URLSearchParams, body: unknown): Promise<Answer | undefined> {
    const { session, reads, jobs, stop } = this.parts;
    const asked = (name: string): string => query.get(name) ?? '';
    switch (place) {
      case 'GET api/session':
        return ok(session);
      case 'GET api/jobs':
        return ok(jobs.list());
      case 'GET api/trace':
        return ok(await reads.trace(asked('of')));
      case 'GET api/match':
        return ok(await reads.match(asked('of'), Number(asked('sequence'))));
      case 'GET api/dead-letters':
        return ok(await reads.deadLetters(stop));
      case 'GET api/stuck':
        return ok(await reads.stuck(stop));
      case 'GET api/denials':
        return ok(await reads.denials());
      case 'GET api/failed':
        return ok(await reads.failed(stop));
      case 'POST api/actions':
        return this.#act(body);
      case 'POST api/requests':
        return this.#send(body);
      default:
        return undefined;
    }
  }

  #act(body: unknown): Answer {
    const read = readAction(body);
    if ('problem' in read) return refused(400, read.problem);
    if (changesAnything(read.action) && !this.parts.session.write) return refused(403, READ_ONLY);
    return { status: 202, body: this.parts.jobs.start(read.action) };
  }

  async #send(body: unknown): Promise<Answer> {
    const parsed = sending.safeParse(body);
    if (!parsed.success) return refused(400, z.prettifyError(parsed.error));
    const request = this.parts.requests[parsed.data.request];
    if (!request) return refused(404, 'no such request is offered');
    if (!this.parts.session.write) return refused(403, READ_ONLY);
    return ok(await send(request, parsed.data, this.parts.stop));
  }
}

const READ_ONLY = 'this console is read-only: outboxctl console --write may change the stack';

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function refused(status: number, message: string): Answer {
  return { status, body: { message } };
}
