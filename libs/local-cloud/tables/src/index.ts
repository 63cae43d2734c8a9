/** A table engine of the local cloud's own: DynamoDB's tables, items and streams on SQLite, in the engine's process. */
export { Tables, type TablesOptions } from './tables';
export type { Place } from './tables/definition';
