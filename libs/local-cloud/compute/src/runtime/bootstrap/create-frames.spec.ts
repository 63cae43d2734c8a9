import { PassThrough } from 'node:stream';
import * as fc from 'fast-check';
import { createFrames } from './create-frames';

const text = fc.string({ unit: 'binary', maxLength: 40 });

describe('frames', () => {
  it('arrive as they were sent, however the stream cuts them', async () => {
    const sent = fc.array(fc.tuple(text, fc.uint8Array({ maxLength: 60 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sent, fc.infiniteStream(fc.integer({ min: 1, max: 50 })), async (frames, sizes) => {
        const written = new PassThrough();
        const writer = createFrames(written, () => undefined);
        const chunks: Buffer[] = [];
        written.removeAllListeners('data').on('data', (chunk: Buffer) => chunks.push(chunk));
        for (const [requestId, body] of frames) writer.send({ kind: 'response', requestId, maxMemoryKb: 1 }, body);
        written.end();
        await new Promise((resolve) => written.once('end', resolve));

        const cut = new PassThrough();
        const received: unknown[] = [];
        createFrames(cut, (head, body) => received.push([head, new Uint8Array(body)]));
        const bytes = Buffer.concat(chunks);
        for (let at = 0; at < bytes.length;) {
          const size = sizes.next().value;
          cut.write(bytes.subarray(at, at + size));
          at += size;
        }
        cut.end();
        await new Promise((resolve) => cut.once('end', resolve));
        expect(received).toEqual(
          frames.map(([requestId, body]) => [{ kind: 'response', requestId, maxMemoryKb: 1 }, body]),
        );
      }),
    );
  });

  it('end with what is none', async () => {
    const stream = new PassThrough();
    const received: unknown[] = [];
    createFrames(stream, (head) => received.push(head));
    const failed = new Promise((resolve) => stream.once('error', resolve));
    stream.write(Buffer.from('\0\0\0\x05\0\0\0\0no ?!'));
    expect(await failed).toBeInstanceOf(SyntaxError);
    expect(received).toEqual([]);
  });
});
