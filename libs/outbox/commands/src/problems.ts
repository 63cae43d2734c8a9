import { invalidHeader, preconditionFailed, type Problem, type ProblemDetail } from '@outbox/function-kit';
import { etagOf } from './etag';

/** Every problem that commands on an aggregate are answered with, by the name of its type; the `kind`s are stable. */
export function commandProblems(aggregateType: string) {
  const noun = aggregateType.replaceAll('-', ' ');
  return {
    malformed: (detail: string): Problem => ({
      kind: 'malformed-body',
      status: 400,
      title: 'The body is not JSON in UTF-8',
      detail,
    }),
    tooLarge: (detail: string): Problem => ({
      kind: 'too-large',
      status: 413,
      title: 'The request is too large',
      detail,
    }),
    mediaType: (found: string | undefined, accepted: readonly string[], isPatch: boolean): Problem => ({
      kind: 'unsupported-media-type',
      status: 415,
      title: 'The body must be JSON',
      detail: `Content-Type is ${found === undefined ? 'missing' : JSON.stringify(found)}; send ${accepted.join(' or ')}, in UTF-8`,
      headers: { accept: accepted.join(', '), ...(isPatch ? { 'accept-patch': accepted.join(', ') } : {}) },
    }),
    contentCoding: (found: readonly string[]): Problem => ({
      kind: 'unsupported-content-coding',
      status: 415,
      title: 'The body must not be compressed',
      detail: `Content-Encoding is ${found.join(', ')}`,
      headers: { 'accept-encoding': 'identity' },
    }),
    invalidHeader,
    preconditionFailed,
    invalid: (violations: readonly ProblemDetail[]): Problem => ({
      kind: 'invalid-body',
      status: 422,
      title: 'The body is not valid',
      errors: violations.slice(0, 100),
    }),
    keyMissing: (): Problem => ({
      kind: 'idempotency-key-missing',
      status: 400,
      title: 'Idempotency-Key is required',
      detail: 'send a key of your own, the same for every retry of this request',
    }),
    keyUnusable: (min: number, max: number): Problem => ({
      kind: 'idempotency-key-unusable',
      status: 400,
      title: 'Idempotency-Key is unusable',
      detail: `it must have ${min} to ${max} characters`,
    }),
    keyReused: (): Problem => ({
      kind: 'idempotency-key-reused',
      status: 422,
      title: 'Idempotency-Key was used for another request',
      detail: 'the same key came with another body; send a new key for a new request',
    }),
    replayExpired: (location: string): Problem => ({
      kind: 'idempotency-replay-expired',
      status: 409,
      title: 'This request was carried out; its answer is no longer kept',
      detail: `read the ${noun} as it is now, at this location`,
      headers: { location },
    }),
    notFound: (): Problem => ({ kind: `${aggregateType}-not-found`, status: 404, title: `No such ${noun}` }),
    ifMatchMissing: (): Problem => ({
      kind: 'if-match-missing',
      status: 428,
      title: 'If-Match is required',
      detail: `send the ETag of the ${noun} that the change is based on, such as If-Match: "1"`,
    }),
    ifMatchStale: (current: number, hasWeakTag = false): Problem => ({
      kind: 'if-match-stale',
      status: 412,
      title: `The ${noun} has changed since`,
      detail: `it is at version ${current}; read it again and decide anew${hasWeakTag ? '; a weak tag (W/) never matches' : ''}`,
      headers: { etag: etagOf(current) },
    }),
    busy: (): Problem => ({
      kind: 'busy',
      status: 503,
      title: 'The service is busy, try again',
      detail: 'nothing is known to be written; a retry with the same Idempotency-Key is safe',
      headers: { 'retry-after': '1' },
    }),
  } as const;
}

/** The problems of one aggregate type. */
export type CommandProblems = ReturnType<typeof commandProblems>;
