import { SqliteStore } from '@outbox/local-cloud-kernel';
import { claimTables } from './choose-engine';

describe('tables of a directory', () => {
  it('are opened by the engine that made them only', () => {
    const engine = { store: new SqliteStore(':memory:'), directory: '/state' };
    claimTables('dynamodb-local', engine, false);
    // There are none yet.
    claimTables('sqlite', engine, false);
    claimTables('sqlite', engine, true);
    expect(() => claimTables('dynamodb-local', engine, true)).toThrow(
      "the tables in /state are sqlite's: start with --tables sqlite, or take another --directory",
    );
  });
});
