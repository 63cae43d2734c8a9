import { constraintsOf } from '@outbox/local-cloud-kernel';

/** What EventBridge, Pipes and Scheduler refuse because it breaks their API models. */
export const { checkText, checkNumber, checkCount } = constraintsOf();
