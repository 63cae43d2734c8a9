import type { Readable } from 'node:stream';

/**
 * The lines of a text, without their newlines and otherwise as they are: readline also ends one at a lone carriage return.
 * @throws what the stream fails of, which readline keeps to itself
 */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let begun = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const [first = '', ...more] = chunk.split('\n');
    begun += first;
    const next = more.pop();
    if (next === undefined) continue;
    yield begun;
    yield* more;
    begun = next;
  }
  if (begun !== '') yield begun;
}
