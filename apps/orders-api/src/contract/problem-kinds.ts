import type { Problem } from '@outbox/function-kit';
import { problems } from '../problems';

/** Every problem of the API with values such as a request could bring about; a problem without one doesn't compile. */
const samples: Readonly<Record<keyof typeof problems, Problem>> = {
  malformed: problems.malformed(''),
  tooLarge: problems.tooLarge(''),
  mediaType: problems.mediaType(undefined, [], false),
  contentCoding: problems.contentCoding([]),
  invalidHeader: problems.invalidHeader('', ''),
  preconditionFailed: problems.preconditionFailed('If-Match', undefined),
  invalid: problems.invalid([]),
  keyMissing: problems.keyMissing(),
  keyUnusable: problems.keyUnusable(1, 1),
  keyReused: problems.keyReused(),
  replayExpired: problems.replayExpired(''),
  notFound: problems.notFound(),
  ifMatchMissing: problems.ifMatchMissing(),
  ifMatchStale: problems.ifMatchStale(1),
  illegalTransition: problems.illegalTransition({
    kind: 'illegal-transition',
    from: 'PLACED',
    to: 'SHIPPED',
    allowed: [],
  }),
  itemsFixed: problems.itemsFixed({ kind: 'items-fixed', status: 'SHIPPED' }),
  tooManyChanges: problems.tooManyChanges(),
  busy: problems.busy(),
};

export type ProblemName = keyof typeof samples;

/** Status, stable kind and title of a problem. */
export function problemOf(name: ProblemName): Pick<Problem, 'kind' | 'status' | 'title'> {
  return samples[name];
}

/** The names of all problems that the API answers with. */
export const PROBLEM_NAMES = Object.keys(samples) as readonly ProblemName[];
