import type { RequestContext } from '@outbox/local-cloud-kernel';

/** The account and region whose database is asked. */
export type Place = Pick<RequestContext, 'accountId' | 'region'>;
