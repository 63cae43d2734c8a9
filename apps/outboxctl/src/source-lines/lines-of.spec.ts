import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { linesOf } from './lines-of';

const linesIn = (chunks: readonly (string | Buffer)[]): Promise<string[]> =>
  collected(
    linesOf(
      Readable.from(
        chunks.map((chunk) => Buffer.from(chunk)),
        { objectMode: false },
      ),
    ),
  );

async function collected(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

describe('the lines of a text', () => {
  it('are what stands between newlines, however the text comes in', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\u2028', '\r', '\n') });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 5 }), async (written, size) => {
        const bytes = Buffer.from(written);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect(await linesIn(chunks)).toEqual(
          written
            .replace(/\n$/, '')
            .split('\n')
            .slice(written === '' ? 1 : 0),
        );
      }),
    );
  });

  it('end with an error where the text does', async () => {
    const broken = new Readable({ read: () => undefined });
    broken.destroy(new Error('EISDIR: illegal operation on a directory'));
    await expect(collected(linesOf(broken))).rejects.toThrow('EISDIR');
  });
});
