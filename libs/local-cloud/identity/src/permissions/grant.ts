/** What must be granted so that one service may act on another: by a role, or by the resource's own policy. */
export interface Grant {
  /** What needs it. */
  readonly of: string;
  /** Whose policy grants it: the role's trust or permissions, or the resource's policy to a service. */
  readonly by: string;
  readonly actions: readonly string[];
  readonly on: string;
  /** When the engine looks: `created` = the request fails or the resource ends in a failed state; `used` = each time. */
  readonly checked: readonly ('created' | 'used')[];
  readonly source: string;
}
