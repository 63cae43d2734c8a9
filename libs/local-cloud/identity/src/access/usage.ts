/** A permission that was needed and granted. */
export interface Use {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
}

/** What roles really did since the engine started; kept in memory, once per role, action and resource. */
export class Usage {
  readonly #uses = new Map<string, Use>();

  record(roleArn: string, action: string, resource: string): void {
    const key = `${roleArn} ${action} ${resource}`;
    if (!this.#uses.has(key)) this.#uses.set(key, { roleArn, action, resource });
  }

  /** In the order of first use. */
  all(): readonly Use[] {
    return [...this.#uses.values()];
  }
}
