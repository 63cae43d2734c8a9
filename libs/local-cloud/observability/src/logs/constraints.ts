import { constraintsOf } from '@outbox/local-cloud-kernel';
import { invalidParameter } from './errors';

/** What CloudWatch Logs refuses because it breaks its API model. */
export const { checkText, checkOneOf, checkNumber, checkCount } = constraintsOf(invalidParameter);
