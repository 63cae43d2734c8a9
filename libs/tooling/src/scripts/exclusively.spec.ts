import { commandOf } from './exclusively.ts';

describe('who is told of to those who wait', () => {
  it('is the command as the user called it', () => {
    expect(commandOf(['up'])).toBe('make up');
    expect(commandOf(['aws', 'plan'])).toBe('make plan');
  });
});
