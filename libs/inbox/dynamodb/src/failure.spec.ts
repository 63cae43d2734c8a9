import { failureOf, RetryLaterError } from './failure';

describe('the stack of a failed attempt', () => {
  const failed = (message: string) => failureOf(new TypeError(message));

  it('begins with the error, and holds no more of a long message than that', () => {
    const { error, stack = '' } = failed(`${'x'.repeat(400)}\n    at secret\n${'y'.repeat(300_000)}\n    at mine`);
    expect(error).toHaveLength(500);
    expect(stack.startsWith(`${error}\n    at `)).toBe(true);
    expect(stack).toContain('failure.spec.ts');
    expect(stack.slice(error.length)).not.toMatch(/y{3}|at mine/);
    expect(stack.length).toBeLessThan(5_000);
  });

  it.each([
    ['asks for a later attempt', new RetryLaterError(5, 'busy')],
    ['is no error', 'text'],
    ['has a stack that is no text', { name: 'E', message: 'm', stack: 5 }],
    ['has none', { name: 'E', message: 'm' }],
  ])('is absent where what was thrown %s', (_what, thrown) => {
    expect(failureOf(thrown)).not.toHaveProperty('stack');
  });
});
