import { LINE_WIDTH, wrap } from './wrap';

describe('wrap', () => {
  it('breaks between words, and indents what follows', () => {
    const text = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
    const lines = wrap(text, 2);
    expect(lines.length).toBeGreaterThan(2);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(LINE_WIDTH);
    expect(lines.slice(1).every((line) => /^ {2}\S/.test(line))).toBe(true);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(text);
  });

  it('leaves short texts and long words as they are', () => {
    expect(wrap('')).toEqual(['']);
    expect(wrap('a b')).toEqual(['a b']);
    const address = `https://${'x'.repeat(100)}`;
    expect(wrap(`see ${address} there`, 4)).toEqual(['see', `    ${address}`, '    there']);
  });
});
