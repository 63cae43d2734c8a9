import type { OfferedRequest } from './actions';

/** What a page gets once, when it begins: `GET api/session`. */
export interface Session {
  /** Source of the stack's events; the page's title. */
  readonly source: string;
  /** Goes into the header `x-console-token` of every request that starts something. */
  readonly token: string;
  /** Whether actions may change anything. */
  readonly write: boolean;
  /** Whose credentials the console uses. */
  readonly caller: string;
  /** Where the local cloud is, when the stack runs on one. */
  readonly localCloud?: string;
  readonly busName: string;
  readonly pipeName: string;
  readonly aggregateTypes: readonly string[];
  readonly consumers: readonly ConsumerInfo[];
  /** Requests that the page may have sent: of a stack that is tried out. */
  readonly requests: readonly OfferedRequest[];
}

export interface ConsumerInfo {
  readonly name: string;
  readonly policy: string;
  /** Aggregate type → event types; no types are all of the aggregate's. */
  readonly on: Readonly<Record<string, readonly string[]>>;
}
