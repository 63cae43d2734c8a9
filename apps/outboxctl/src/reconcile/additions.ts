import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { consumerOf, type Stack } from '../stack';
import type { Starts } from '../trace/load';
import type { Finding } from './finding';

/** Which consumers were added to a stack that had events, and weren't told yet where they begin. */
export class Additions {
  readonly #addedAt = new Map<string, Promise<number>>();

  constructor(
    private readonly dynamodb: Pick<DynamoDBClient, 'send'>,
    private readonly stack: Stack,
    private readonly known: {
      readonly starts: Starts;
      /** Epoch milliseconds. */
      readonly now: number;
    },
  ) {}

  /** The finding, marked where it is about an event that was committed before its consumer was added. */
  async mark(finding: Finding): Promise<Finding> {
    const { kind, consumer, committedAt = finding.notBefore } = finding;
    if (kind !== 'lost' || consumer === undefined || committedAt === undefined) return finding;
    if (this.known.starts.get(consumer) !== undefined) return finding;
    const addedAt = this.#addedAt.get(consumer) ?? this.#load(consumer);
    this.#addedAt.set(consumer, addedAt);
    if (Date.parse(committedAt) >= (await addedAt)) return finding;
    const since = new Date(await addedAt).toISOString();
    const committed = finding.committedAt === undefined ? 'perhaps committed' : 'committed';
    return { ...finding, notBegun: true, detail: `${committed} before ${consumer} was added (${since})` };
  }

  /** When a consumer's table was made, epoch milliseconds; 0 where that says nothing. */
  async #load(consumer: string): Promise<number> {
    const { table_name: TableName } = consumerOf(this.stack, consumer);
    try {
      const { Table } = await this.dynamodb.send(new DescribeTableCommand({ TableName }));
      const createdAt = Table?.CreationDateTime?.getTime() ?? 0;
      // A restored table is younger than what it holds, and the clock that is judged by may not be that of the table.
      return Table?.RestoreSummary || createdAt > this.known.now ? 0 : createdAt;
    } catch (error) {
      // Who may read the tables, and no more, is told less.
      if (error instanceof Error && error.name === 'AccessDeniedException') return 0;
      throw error;
    }
  }
}
