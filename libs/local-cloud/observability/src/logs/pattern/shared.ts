import type { AwsError } from '@outbox/local-cloud-kernel';
import { invalidParameter } from '../errors';

/** The error for a pattern that breaks the syntax. */
export function invalidPattern(): AwsError {
  return invalidParameter('Invalid filter pattern');
}

/** @throws AwsError for what is no regular expression. */
export function regularExpression(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw invalidPattern();
  }
}
