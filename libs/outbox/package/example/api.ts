import type { Outbox } from 'transactional-outbox-aws';
import {
  createCommands,
  createHttpHandler,
  createLogger,
  createMetrics,
  type HttpHandler,
} from 'transactional-outbox-aws/commands';
import * as z from 'zod';
import { parcel } from './parcels.js';

const request = z.object({ to: z.string() });

interface Parcel {
  readonly parcelId: string;
  readonly to: string;
  readonly place: string;
}

/** `POST /parcels`: the same answer for the same Idempotency-Key, and one parcel. */
export function createApi(outbox: Outbox, load: (id: string) => Promise<Parcel | undefined>): HttpHandler {
  const commands = createCommands<Parcel, 'parcel'>({ aggregate: parcel, outbox, load });
  return createHttpHandler(
    { logger: createLogger(), metrics: createMetrics() },
    {
      'POST /parcels': commands.create({
        parse: (body) => {
          const parsed = request.safeParse(body);
          if (parsed.success) return { kind: 'valid', value: parsed.data };
          return { kind: 'invalid', violations: [{ pointer: '', detail: parsed.error.message }] };
        },
        run: ({ to }, { id }) => {
          const item = { parcelId: id, to, place: 'depot' };
          return { events: [parcel.Registered(item)], write: [{ put: { table: 'parcels', item } }], answer: item };
        },
      }),
    },
  );
}
