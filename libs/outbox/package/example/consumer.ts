import { consumer } from 'transactional-outbox-aws/consumer';
import { parcel } from './parcels.js';

/** Where each parcel is: one conditional write per event, the newest wins. */
export const handler = consumer({
  name: 'whereabouts',
  policy: 'latest',
  on: parcel,
  effect: ({ data }) => ({ place: data.place }),
});
