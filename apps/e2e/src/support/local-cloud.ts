import { LocalCloud } from '../../../../libs/local-cloud/client/src/index.ts';

/** The local cloud that the suite runs against; only for `*.local.spec.ts`. */
export const cloud = new LocalCloud();
