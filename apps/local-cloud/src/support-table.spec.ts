import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EngineClock,
  FaultPlane,
  Signals,
  SqliteStore,
  systemIds,
  type AwsCalls,
  type Engine,
} from '@outbox/local-cloud-kernel';
import { serviceModel } from '@outbox/local-cloud-wire';
import { PARTS } from './modules';
import { supportTable } from './support-table';

const DOCUMENT = join(__dirname, '../../../docs/reference/local-cloud.md');
const BEGIN = '<!-- support table: begin (UPDATE_DOCS=1 npx nx test local-cloud) -->\n\n';
const END = '\n\n<!-- support table: end -->';

/** The services of every part, created and never started. */
function services() {
  const clock = new EngineClock();
  const base = {
    clock,
    store: new SqliteStore(':memory:'),
    ids: systemIds,
    signals: new Signals(clock),
    log: () => undefined,
    faults: new FaultPlane(),
    origin: 'http://127.0.0.1:0',
    directory: tmpdir(),
  };
  const engine: Engine = {
    ...base,
    get identity() {
      return identity.identity;
    },
    get calls(): AwsCalls {
      throw new Error('nothing is called here');
    },
  };
  const identity = PARTS.identity(engine);
  return [identity, ...PARTS.services.map((create) => create(engine))].flatMap((part) => part.services);
}

describe('the support table', () => {
  it('is in the reference as the engine runs it', () => {
    const text = readFileSync(DOCUMENT, 'utf8');
    const [before = '', rest = ''] = text.split(BEGIN);
    const [documented, after = ''] = rest.split(END);
    const table = supportTable(services());
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, `${before}${BEGIN}${table}${END}${after}`);
    else expect(documented).toBe(table);
  });

  it('names no operation AWS does not have', () => {
    const unknown = services().flatMap(({ name, operations }) =>
      Object.keys(operations).filter((operation) => !serviceModel(name).operations.has(operation)),
    );
    expect(unknown).toEqual([]);
  });
});
