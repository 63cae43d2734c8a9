import type { Finding } from './finding';

/** What was accepted of one order, and from whom. */
export interface AcceptedOrder {
  readonly orderId: string;
  readonly customerId: string;
  /** Whether the carrier takes what was ordered. Nobody ships what it doesn't. */
  readonly isShippable: boolean;
  readonly told: Told;
  /** What was wrong with an answer. */
  readonly findings: readonly Finding[];
}

/** What came of the requests, by their answers. */
export type Told =
  /** Of the API: the order after each change that was answered with success, by its version. */
  | { readonly kind: 'answers'; readonly answers: ReadonlyMap<number, Readonly<Record<string, unknown>>> }
  | { readonly kind: 'imports'; readonly imports: readonly ToldImport[] };

/** One commit of several events that was asked for, until it was told how it ended. */
export interface ToldImport {
  /** Its correlation id; unique. */
  readonly name: string;
  /** The version that it was based on. */
  readonly after: number;
  readonly events: number;
  /** Of a conflict: where the head was. */
  readonly outcome:
    | { readonly kind: 'committed'; readonly sequence: number }
    | { readonly kind: 'conflict'; readonly lastSequence: number };
  /** An earlier try ended without an answer: it may have committed what the last one then met as a conflict. */
  readonly isUncertain: boolean;
}
