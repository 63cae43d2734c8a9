import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const program = `
  const fc = require(${JSON.stringify(join(__dirname, 'seeded-fast-check.cjs'))});
  const seen = [];
  fc.assert(fc.property(fc.integer(), (one) => void seen.push(one)), { numRuns: 5 });
  console.log(JSON.stringify(seen));
`;
const seenWith = (PROPERTY_SEED: string): string =>
  execFileSync(process.execPath, ['-e', program], { env: { PROPERTY_SEED }, encoding: 'utf8', stdio: 'pipe' });

describe('PROPERTY_SEED', () => {
  it('decides which examples a property is tried with', () => {
    const seen = seenWith('7');
    expect(seenWith('7')).toBe(seen);
    expect(seenWith('8')).not.toBe(seen);
  });

  it('is a whole number', () => {
    expect(() => seenWith('seven')).toThrow('PROPERTY_SEED must be a whole number, and is "seven"');
  });
});
