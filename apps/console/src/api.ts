import type { Action, Job, Pipeline, Session, Tail } from '@outbox/console-api';

/** The server refused, or couldn't do, what was asked; its own words. */
export class AskError extends Error {
  override readonly name = 'AskError';
}

/** What the server tells by itself. */
export interface Listeners {
  readonly pipeline: (pipeline: Pipeline) => void;
  readonly job: (job: Job) => void;
  readonly trouble: (text: string) => void;
  readonly connected: (isConnected: boolean) => void;
}

/** Reads what `path` (below `api/`) answers. @throws AskError */
export async function read<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
  const search = new URLSearchParams(query).toString();
  return answerOf<T>(await fetchOrFail(`api/${path}${search === '' ? '' : `?${search}`}`));
}

/** Has something done. @throws AskError */
export function act(session: Session, action: Action): Promise<Job> {
  return post(session, 'actions', action);
}

/** Sends JSON with the page's token. @throws AskError */
export async function post<T>(session: Session, path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json', 'x-console-token': session.token };
  return answerOf<T>(await fetchOrFail(`api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/** Listens until the returned function is called; the browser connects again by itself. */
export function listen({ pipeline, job, trouble, connected }: Listeners): () => void {
  const source = new EventSource('events');
  source.onopen = () => connected(true);
  source.onerror = () => connected(false);
  on<Pipeline>(source, 'pipeline', pipeline);
  on<Job>(source, 'job', job);
  on<{ readonly text: string }>(source, 'trouble', ({ text }) => trouble(text));
  return () => source.close();
}

/** Follows the events that are committed until the returned function is called. */
export function follow(told: (tail: Tail) => void): () => void {
  const source = new EventSource('events?tail=1');
  on(source, 'tail', told);
  return () => source.close();
}

function on<T>(source: EventSource, name: string, told: (value: T) => void): void {
  source.addEventListener(name, ({ data }: MessageEvent<string>) => told(JSON.parse(data) as T));
}

async function fetchOrFail(url: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new AskError('the console’s server does not answer: was it stopped?');
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as T;
  const { message, hint } = (body ?? {}) as { readonly message?: string; readonly hint?: string };
  throw new AskError([message ?? `the server answered ${response.status}`, hint].filter(Boolean).join('. '));
}
