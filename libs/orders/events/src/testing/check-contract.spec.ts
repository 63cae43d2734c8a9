import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkContract, ContractError } from './check-contract';

const data = (properties: object, required: string[] = []) => ({
  title: 'ParcelMoved',
  properties: {
    type: { const: 'ParcelMoved' },
    aggregatetype: { const: 'parcel' },
    data: { type: 'object', properties, required },
  },
});
const released = data({ to: { type: 'string' } }, ['to']);
const compatible = data({ to: { type: 'string' }, by: { type: 'string' } }, ['to']);
const breaking = data({ place: { type: 'string' } }, ['place']);

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contracts-'));
  file = join(folder, 'contracts', 'ParcelMoved.v1.schema.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What becomes of a change: the error's message, or undefined, and the schema that is checked in afterwards. */
function check(current: object | undefined, update: boolean, consumers: readonly string[] = []) {
  const attempt = (): string | undefined => {
    try {
      checkContract({
        file,
        current: current as Readonly<Record<string, unknown>> | undefined,
        update,
        consumersOf: (aggregateType, type) => consumers.map((name) => `${name} (${aggregateType} ${type})`),
      });
      return undefined;
    } catch (error) {
      if (error instanceof ContractError) return error.message;
      throw error;
    }
  };
  const message = attempt();
  return { message, checkedIn: existsSync(file) ? readFileSync(file, 'utf8') : undefined };
}

const asText = (schema: object) => `${JSON.stringify(schema, null, 2)}\n`;

const COMMAND = 'UPDATE_CONTRACTS=1 npx nx test orders-events';

describe('the check of a contract', () => {
  it('asks for a missing schema, writes it when told to, and is content then', () => {
    expect(check(released, false)).toEqual({
      message: `ParcelMoved.v1.schema.json is missing. Write it: ${COMMAND}`,
      checkedIn: undefined,
    });
    expect(check(released, true)).toEqual({ message: undefined, checkedIn: asText(released) });
    expect(check(released, false).message).toBeUndefined();
  });

  it.each([
    ['a new optional field', compatible],
    ['documentation', { ...released, title: 'Moved' }],
  ])('asks for %s to be written, and writes it when told to', (_what, changed) => {
    check(released, true);
    expect(check(changed, false)).toEqual({
      message: `ParcelMoved.v1.schema.json is out of date, and the change breaks no consumer. Write it: ${COMMAND}`,
      checkedIn: asText(released),
    });
    expect(check(changed, true)).toEqual({ message: undefined, checkedIn: asText(changed) });
  });

  it.each([true, false])('names field, problem and consumers of a breaking change; update: %s', (update) => {
    check(released, true);
    expect(check(breaking, update, ['audit', 'labels'])).toEqual({
      message: `ParcelMoved.v1.schema.json is released, and the code breaks it:
  /data/to was removed (to rename a field is to remove it)
  /data/place is new and required, but released producers don’t send it
Consumers of ParcelMoved: audit (parcel ParcelMoved), labels (parcel ParcelMoved).
Take the change back and add a new version beside this one (CONTRIBUTING.md): releases before and after a change run at the same time.`,
      checkedIn: asText(released),
    });
  });

  it('takes a version that the code lost for a breaking change', () => {
    check(released, true);
    const { message, checkedIn } = check(undefined, true);
    expect(message).toContain('the code no longer has this version\nConsumers of ParcelMoved: none in terraform');
    expect(checkedIn).toBe(asText(released));
  });

  it.each([
    ['no JSON', '<<<<<<< HEAD', 'is no JSON: take the released one from version control'],
    ['no event’s schema', '{"properties":{"id":{}}}', 'doesn’t say which aggregatetype it is the schema of'],
  ])('names a file that is %s', (_what, text, problem) => {
    check(released, true);
    writeFileSync(file, text);
    expect(check(breaking, true).message).toBe(`${file} ${problem}`);
  });
});
