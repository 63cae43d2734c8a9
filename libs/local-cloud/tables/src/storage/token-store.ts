import { AwsError } from '@outbox/local-cloud-kernel';
import type { Json } from '../json';
import type { Place } from '../tables/definition';
import type { Database } from './database';
import { TOKEN_MS } from '../limits';

/** Client tokens of transactions: a transaction that comes again is not run again. */
export class TokenStore {
  constructor(
    private readonly db: Database,
    private readonly now: () => number,
  ) {}

  /**
   * The answer a transaction got, when it came with this token before.
   * @throws AwsError IdempotentParameterMismatchException where it was another one
   */
  answerTo(place: Place, token: string, digest: Buffer): Json | undefined {
    const row = this.db
      .prepare('SELECT digest, answer FROM tokens WHERE token = ? AND at > ?')
      .get(keyOf(place, token), this.now() - TOKEN_MS);
    if (!row) return undefined;
    const before = row['digest'];
    if (before instanceof Uint8Array && digest.equals(before)) return JSON.parse(String(row['answer'])) as Json;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The request has a client token that came with a request of other parameters.',
    );
  }

  /** To be called in the transaction's own database transaction. */
  remember(place: Place, token: string, digest: Buffer, answer: Json): void {
    const now = this.now();
    this.db.run('DELETE FROM tokens WHERE at <= ?', now - TOKEN_MS);
    this.db.run(
      'INSERT OR REPLACE INTO tokens (token, at, digest, answer) VALUES (?, ?, ?, ?)',
      keyOf(place, token),
      now,
      digest,
      JSON.stringify(answer),
    );
  }
}

function keyOf({ accountId, region }: Place, token: string): string {
  return `${accountId}/${region}/${token}`;
}
