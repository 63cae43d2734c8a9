/** Limits of DynamoDB. Source, unless it says otherwise: developer guide, "Constraints". */

/** Items. */
export const MAX_ITEM_BYTES = 409_600;

/** Partition keys and sort keys. */
export const MAX_HASH_BYTES = 2048;
export const MAX_RANGE_BYTES = 1024;

/** Levels of lists and maps in each other: nested attribute depth. */
export const MAX_DEPTH = 32;

/** Numbers: 38 digits, from 1E-130 to 9.99…E+125. */
export const MAX_DIGITS = 38;
export const MAX_EXPONENT = 126;

/** Tables and secondary indexes. */
export const MAX_GLOBAL_INDEXES = 20;
export const MAX_LOCAL_INDEXES = 5;

/** Names of one page. Source: API reference, ListTables and ListStreams. */
export const MAX_LISTED = 100;

/** Expression parameters, as the five that follow. */
export const MAX_EXPRESSION_BYTES = 4096;
export const MAX_OPERATORS = 300;
export const MAX_PLACEHOLDER = 255;

/** Values of one IN. */
export const MAX_LIST = 100;
export const MAX_STEPS = 32;

/** A list in an item of 400 KB can't be longer. */
export const MAX_INDEX = 409_600;

/** Bytes of the items one page is made of, before they are filtered. Source: API reference, Query. */
export const MAX_PAGE_BYTES = 1024 * 1024;

/** Source: API reference, Scan, TotalSegments. */
export const MAX_SEGMENTS = 1_000_000;

/** Source: API reference, BatchWriteItem. */
export const MAX_WRITE_BATCH = 25;

/** Source: API reference, BatchGetItem, as the one that follows. */
export const MAX_READ_BATCH = 100;
export const MAX_BATCH_BYTES = 16 * 1024 * 1024;

/** Transactions, as the one that follows. */
export const MAX_ACTIONS = 100;
export const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

/** Characters. Source: API reference, TransactWriteItems, ClientRequestToken. */
export const MAX_TOKEN = 36;

/** How long a token is remembered. Source: API reference, TransactWriteItems, ClientRequestToken. */
export const TOKEN_MS = 10 * 60_000;

/** How long a record of a stream is kept. Source: developer guide, "Change data capture for DynamoDB Streams". */
export const RETENTION_MS = 24 * 3_600_000;

/** Source: DynamoDB Streams API reference, GetRecords, as the one that follows. */
export const MAX_RECORDS = 1000;
export const MAX_RECORDS_BYTES = 1024 * 1024;

/** How long an iterator can be used. Source: DynamoDB Streams API reference, GetShardIterator. */
export const ITERATOR_MS = 15 * 60_000;
