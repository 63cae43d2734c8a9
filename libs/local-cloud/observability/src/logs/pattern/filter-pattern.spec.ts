import { parseFilterPattern } from './filter-pattern';

const found = (pattern: string, message: string | object): boolean =>
  parseFilterPattern(pattern)(typeof message === 'string' ? message : JSON.stringify(message));

describe('a filter pattern', () => {
  it.each([
    ['', 'anything', true],
    ['ERROR line', 'a line with ERROR', true],
    ['ERROR line', 'ERROR', false],
    ['"ERROR line"', 'line ERROR', false],
    ['?ERROR ?WARN', 'WARN', true],
    ['?ERROR ?WARN', 'INFO', false],
    ['ERROR -timeout', 'ERROR timeout', false],
    // Beside others, terms with a question mark count for nothing.
    ['ERROR ?WARN', 'ERROR', true],
    ['%[45]\\d\\d%', 'status 503', true],
    ['%[45]\\d\\d%', 'status 200', false],
  ])('of terms: %j in %j', (pattern, message, expected) => {
    expect(found(pattern, message)).toBe(expected);
  });

  const event = {
    level: 'ERROR',
    path: 'a*b',
    count: 3,
    ratio: -0.5,
    ok: false,
    nothing: null,
    error: { name: 'VersionConflict', codes: ['a', 'b'] },
    'a key': 'x',
  };
  it.each([
    ['{ $.level = "ERROR" }', true],
    ['{$.level=ERROR}', true],
    ['{ $.level = ERR* }', true],
    ['{ $.level = *RO* }', true],
    // Within a text an asterisk is one.
    ['{ $.level = ER*R }', false],
    ['{ $.path = a*b }', true],
    ['{ $.level = "RR" }', false],
    ['{ $.level != "INFO" }', true],
    ['{ $.missing != "INFO" }', false],
    ['{ $.level = %^E.*R$% }', true],
    ['{ $.count >= 3 }', true],
    ['{ $.count > 3 }', false],
    ['{ $.ratio < 0 }', true],
    ['{ $.count = 3.0 }', true],
    ['{ $.count = "3" }', false],
    ['{ $.count = * }', true],
    ['{ $.count > +2 }', true],
    ['{ $.count = +3 }', true],
    ['{ $.level > 1 }', false],
    ['{ $.error.name = Version* }', true],
    // Objects and lists are not compared.
    ['{ $.error != x }', false],
    ['{ $.error.codes != x }', false],
    ['{ $.error.codes = * }', false],
    ['{ $.error.codes[1] = "b" }', true],
    ["{ $.['a key'] = x }", true],
    ['{ $.ok IS FALSE }', true],
    ['{ $.ok IS TRUE }', false],
    ['{ $.nothing IS NULL }', true],
    ['{ $.missing NOT EXISTS }', true],
    ['{ $.level NOT EXISTS }', false],
    ['{ ($.level = "INFO") || ($.count = 3) && ($.ok IS FALSE) }', true],
    ['{ ($.level = "ERROR" || $.count = 3) && $.ok IS TRUE }', false],
  ])('of JSON events: %s', (pattern, expected) => {
    expect(found(pattern, event)).toBe(expected);
  });

  it('for JSON finds nothing in other events', () => {
    expect(found('{ $.level = "ERROR" }', 'level = ERROR')).toBe(false);
    expect(found('{ $.level NOT EXISTS }', '["ERROR"]')).toBe(false);
  });

  it.each([
    '{ $.level = }',
    '{ level = "x" }',
    '{ $.level = "x"',
    '{ $.a > "x" }',
    '{ ($.a = 1 }',
    '{}',
    '"half',
    '%(%',
  ])('is refused when it breaks the syntax: %s', (pattern) => {
    expect(() => parseFilterPattern(pattern)).toThrow(expect.objectContaining({ code: 'InvalidParameterException' }));
  });

  it('for space-delimited events is refused by name', () => {
    expect(() => parseFilterPattern('[ip, user]')).toThrow(expect.objectContaining({ code: 'UnsupportedOperation' }));
  });
});
