import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { toResponse } from './to-response';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
const value = fc.oneof(text, fc.jsonValue());

/** What looks like a response, with whatever a function may put into one. */
const answer = fc.record(
  {
    statusCode: fc.oneof(fc.integer({ min: -1, max: 1000 }), value),
    headers: fc.oneof(
      fc.dictionary(fc.oneof(text, fc.constantFrom('Trailer', 'Connection', 'Set-Cookie')), value),
      value,
    ),
    cookies: fc.oneof(fc.array(text), value),
    body: fc.oneof(text, value),
    isBase64Encoded: fc.oneof(fc.boolean(), value),
  },
  { requiredKeys: [] },
);

it('whatever a function answers, API Gateway can write what it makes of it', () => {
  fc.assert(
    fc.property(fc.oneof(answer, value), (returned) => {
      const response = toResponse(Buffer.from(JSON.stringify(returned)));
      if (response === undefined) return;
      const written = new ServerResponse(new IncomingMessage(new Socket()));
      for (const [name, header] of Object.entries(response.headers)) written.setHeader(name, header);
      written.setHeader('set-cookie', response.cookies);
      written.writeHead(response.status);
      expect(response.status).toBeGreaterThanOrEqual(200);
    }),
    { numRuns: 500 },
  );
});
