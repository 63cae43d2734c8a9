import { explain } from '@outbox/cli-kit';
import { ApiError } from './errors';

describe('a response that is no success', () => {
  it.each([
    ['a 404', new ApiError(404, { title: 'Not found' }, 'GET /x'), { message: 'GET /x answered 404: Not found' }, 4],
    ['a page', new ApiError(502, '<html>\n  busy', 'GET /x'), { message: 'GET /x answered 502: <html> busy' }, 1],
  ])('is explained: %s', (_what, error, explanation, exitCode) => {
    expect(explain(error, {})).toEqual({ ...explanation, exitCode });
  });
});
