import type { Books } from './books';
import { readFaultSettings } from './fault-settings';
import { BadRequestError } from './fields';
import { readJson, type Answer, type Route } from './route';

const BEGINNING = new Date(0).toISOString();
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** What the partners offer to whoever tests with them, and never to the product: no faults strike here. */
export function controlRoutes(books: Books): readonly Route[] {
  const key = (): string => '';
  const faults = (): Answer => ({
    status: 200,
    body: { ...books.records.settings, counts: books.records.faultCounts() },
  });
  return [
    { method: 'GET', path: '/_health', key, run: () => ({ status: 200, body: { status: 'ready' } }) },
    {
      method: 'GET',
      path: '/_log',
      key,
      run: ({ query }) => ({ status: 200, body: books.records.log(books.now, readSince(query.get('since'))) }),
    },
    { method: 'GET', path: '/_faults', key, run: faults },
    {
      method: 'PUT',
      path: '/_faults',
      key,
      run: (call) => {
        books.add({ type: 'faults-set', settings: readFaultSettings(readJson(call)) });
        return faults();
      },
    },
  ];
}

function readSince(text: string | null): string {
  if (text === null) return BEGINNING;
  const time = DATE_TIME.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new BadRequestError('since', 'must be a time such as 2026-01-01T12:00:00Z');
  return new Date(time).toISOString();
}
