import type { Caller, Engine } from '@outbox/local-cloud-kernel';
import type { StoredPipe } from './pipe-store';

/** Sessions are renewed well before the hour they live. */
const RENEW_MS = 15 * 60_000;

/** The pipe's role as caller, assumed again before its session ends. */
export class PipeRole {
  #session: { readonly caller: Caller; readonly until: number } | undefined;

  constructor(
    private readonly pipe: Pick<StoredPipe, 'arn' | 'name' | 'roleArn' | 'region'>,
    private readonly engine: Pick<Engine, 'identity' | 'clock'>,
  ) {}

  /** @throws AwsError when the role is gone or does not trust pipes.amazonaws.com for this pipe */
  as(signal?: AbortSignal): { caller: Caller; region: string; signal?: AbortSignal } {
    const now = this.engine.clock.now();
    if (!this.#session || this.#session.until <= now) {
      const { roleArn, name, arn } = this.pipe;
      const { caller } = this.engine.identity.assumeRole(roleArn, 'pipes.amazonaws.com', name, arn);
      this.#session = { caller, until: now + RENEW_MS };
    }
    return { caller: this.#session.caller, region: this.pipe.region, signal };
  }
}
