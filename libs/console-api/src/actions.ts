/** What a page may have done; each is a command of outboxctl. */
export type Action =
  | {
      readonly action: 'redrive';
      readonly consumer: string;
      readonly reason?: string;
      /** Only those of these message ids. */
      readonly messages?: readonly string[];
    }
  | {
      readonly action: 'drop';
      readonly consumer: string;
      /** The reason it died of; one of the two is given. */
      readonly reason?: string;
      readonly messages?: readonly string[];
      /** Why it may go, for the audit. */
      readonly because: string;
    }
  | { readonly action: 'retry-failed'; readonly aggregate?: string; readonly sequence?: number }
  | {
      readonly action: 'skip';
      readonly aggregate: string;
      readonly consumer: string;
      readonly to: number;
      readonly reason: string;
    }
  | { readonly action: 'reconcile'; readonly since?: string }
  | { readonly action: 'repair'; readonly since?: string }
  | { readonly action: 'sweep' }
  | { readonly action: 'pause'; readonly stage: string }
  | { readonly action: 'resume'; readonly stage: string };

export type ActionName = Action['action'];

/** A command that the console runs, or ran; sent as `job` whenever it changed. */
export interface Job {
  readonly id: string;
  readonly action: ActionName;
  /** As an operator would type it. */
  readonly command: string;
  /** ISO-8601. */
  readonly startedAt: string;
  readonly state: 'running' | 'done' | 'failed';
  /** How far it is, in its own words. */
  readonly progress: string;
  /** What it printed: JSON, a value a line. */
  readonly output: readonly unknown[];
  /** Why it failed, and what to do. */
  readonly error?: string;
}

/** A request that the page may have sent by its number; where it goes only the server knows. */
export interface OfferedRequest {
  readonly title: string;
  readonly group: string;
  readonly method: string;
  /** Without its host. */
  readonly path: string;
  readonly body?: unknown;
  /** Whether it makes sense to send it many times. */
  readonly repeatable: boolean;
}

/** What came of requests that were sent. */
export interface Sent {
  /** Status → how many. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The last answer's body. */
  readonly body: unknown;
}
