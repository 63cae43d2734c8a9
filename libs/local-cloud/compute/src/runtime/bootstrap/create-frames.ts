import type { Frames } from './types';

/**
 * Frames over a stream in both directions: the lengths of head and body in four bytes each, the head as JSON, the body as
 * it is. Each is written at once.
 * @param onFrame called with each frame that came; what it throws, and a frame that is none, ends the stream
 */
export function createFrames(
  stream: import('node:stream').Duplex,
  onFrame: (head: unknown, body: Buffer) => void,
): Frames {
  const lengths = 8;
  let chunks: Buffer[] = [];
  let bytes = 0;
  let wanted = lengths;

  const take = (): void => {
    while (bytes >= wanted) {
      const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      const headEnd = lengths + all.readUInt32BE(0);
      wanted = headEnd + all.readUInt32BE(4);
      const isWhole = bytes >= wanted;
      chunks = [isWhole ? all.subarray(wanted) : all];
      if (!isWhole) return;
      bytes -= wanted;
      const body = all.subarray(headEnd, wanted);
      wanted = lengths;
      onFrame(JSON.parse(all.toString('utf8', lengths, headEnd)), body);
    }
  };
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    try {
      take();
    } catch (error) {
      stream.destroy(error as Error);
    }
  });

  return {
    send(head, body) {
      const headBytes = Buffer.from(JSON.stringify(head));
      const bodyBytes = Buffer.from(body);
      const start = Buffer.allocUnsafe(lengths);
      start.writeUInt32BE(headBytes.length, 0);
      start.writeUInt32BE(bodyBytes.length, 4);
      stream.write(Buffer.concat([start, headBytes, bodyBytes]));
    },
  };
}
