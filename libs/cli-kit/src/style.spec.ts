import { rewritesLines, styleFor } from './style';

describe('colour', () => {
  it.each([
    [true, {}, true],
    [true, { TERM: 'xterm-256color' }, true],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, {}, false],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('on a terminal (%s) with %j: %s', (isTTY, environment, expected) => {
    expect(styleFor({ isTTY }, environment).red('x') !== 'x').toBe(expected);
  });
});

describe('a line over another', () => {
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, false],
  ])('on a terminal (%s) with %j: %s', (isTTY, environment, expected) => {
    expect(rewritesLines({ isTTY }, environment)).toBe(expected);
  });
});
