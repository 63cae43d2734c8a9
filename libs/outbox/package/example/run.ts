import assert from 'node:assert/strict';
import { createMemoryOutbox, deliver } from 'transactional-outbox-aws/testing';
import { EnvironmentError } from 'transactional-outbox-aws';
import { EnvironmentError as SameError } from 'transactional-outbox-aws/consumer';
import { createApi } from './api.js';
import { handler } from './consumer.js';
import { registerParcel } from './parcels.js';

/** What a spec of this service does: no table, no network. */
async function run(): Promise<void> {
  const outbox = createMemoryOutbox({ tables: { parcels: ['parcelId'] } });

  assert.deepEqual(await registerParcel(outbox, 'p-1', 'Bern'), { kind: 'committed', sequence: 1 });
  assert.deepEqual(outbox.memory.items('parcels'), [{ parcelId: 'p-1', to: 'Bern', place: 'depot' }]);
  assert.deepEqual(
    outbox.events().map(({ type, data }) => ({ type, data })),
    [{ type: 'ParcelRegistered', data: { parcelId: 'p-1', to: 'Bern', place: 'depot' } }],
  );
  assert.equal((await registerParcel(outbox, 'p-1', 'Basel')).kind, 'conflict');

  assert.equal(typeof createApi(outbox, () => Promise.resolve(undefined)), 'function');
  const options = { outbox, duplicate: true, reorder: true, crashAt: { after: 2 }, seed: 7 };
  const { completed } = await deliver(handler, outbox.events(), options);
  assert.deepEqual(
    completed.map(({ effect }) => effect),
    [{ place: 'depot' }],
  );
  await assert.rejects(handler({ Records: [] }, { getRemainingTimeInMillis: () => 1_000 }), EnvironmentError);
  assert.equal(EnvironmentError, SameError);
}

void run();
