import { LocalCloud } from '@outbox/local-cloud-client';

/** The local cloud that the suite runs against; only for `*.local.spec.ts`. */
export const cloud = new LocalCloud();
