import { join } from 'node:path';
import type { Engine } from '@outbox/local-cloud-kernel';
import { DynamoDbLocalEngine } from '../dynamodb-local/dynamodb-local-engine';
import { SqliteEngine } from './sqlite-engine';
import type { TableEngine, TableEngineName } from './table-engine';

/** The tables of a directory can't be opened by the engine asked for; the message says what to do. */
export class TableEngineError extends Error {
  override readonly name = 'TableEngineError';
}

/** The engine of that name, over the local cloud's directory. */
export function chooseEngine(name: TableEngineName, engine: Engine): TableEngine {
  if (name === 'sqlite') return new SqliteEngine(engine, join(engine.directory, 'tables.sqlite'));
  return new DynamoDbLocalEngine(engine, {
    directory: join(engine.directory, 'dynamodb'),
    // The engine is one bundled file: in a clone the package is found from the folder it is started in, else beside it.
    resolveFrom: [join(process.cwd(), 'package.json'), __filename],
    environment: process.env,
  });
}

/**
 * Notes which engine a directory's tables belong to.
 * @throws TableEngineError where there are tables of another one: it keeps them in files of its own
 */
export function claimTables(
  name: TableEngineName,
  engine: Pick<Engine, 'store' | 'directory'>,
  hasTables: boolean,
): void {
  const noted = engine.store.table<string>('dynamodb.engine');
  const before = noted.get('name');
  if (hasTables && before !== undefined && before !== name) {
    throw new TableEngineError(
      `the tables in ${engine.directory} are ${before}'s: start with --tables ${before}, or take another --directory`,
    );
  }
  noted.set('name', name);
}
