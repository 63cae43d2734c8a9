import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { LogLines } from './log-lines';

const CHUNK = 'x'.repeat(65_536);
const MAX_EVENT_BYTES = 1_048_550;

async function eventsOf(chunks: Iterable<string>): Promise<string[]> {
  const stream = new PassThrough();
  const events: string[] = [];
  const lines = new LogLines(stream, (message) => events.push(message));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await Promise.all([finished(stream), lines.closed()]);
  return events;
}

describe('lines of a function', () => {
  it('come whole, however they are cut up, and with line breaks where they are framed', async () => {
    const text = 'one\ntwo\n\n\0"a\\nb"\nthree';
    expect(await eventsOf([text])).toEqual(['one', 'two', 'a\nb', 'three']);
    expect(await eventsOf(text)).toEqual(['one', 'two', 'a\nb', 'three']);
  });

  it('are cut when they are longer than a log event, before they end', async () => {
    const events = await eventsOf([...Array.from({ length: 20 }, () => CHUNK), 'end\n']);
    expect(events.map(({ length }) => length)).toEqual([MAX_EVENT_BYTES, 4 * CHUNK.length + 3]);
  });

  it('are read in linear time', async () => {
    const start = performance.now();
    const events = await eventsOf(['\0"', ...Array.from({ length: 768 }, () => CHUNK), '"\n']);
    expect(events.map(({ length }) => length)).toEqual([MAX_EVENT_BYTES]);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
