import { afterRunning, type Engine } from '@outbox/local-cloud-kernel';
import { ExecutionTimeout } from './errors';

/** Time that the steps of one execution share; a jump of the engine's clock takes none of it. */
export class TimeLimit {
  readonly #over: Promise<never>;
  readonly #cancel: () => void;

  constructor(limitMs: number, clock: Engine['clock']) {
    let expire: (error: ExecutionTimeout) => void = () => undefined;
    this.#over = new Promise((_resolve, reject) => (expire = reject));
    // Between two steps nobody listens.
    this.#over.catch(() => undefined);
    this.#cancel = afterRunning(clock, limitMs, () =>
      expire(new ExecutionTimeout(`The execution took longer than ${limitMs / 1000} seconds.`)),
    );
  }

  /**
   * What the step answers, if it does in time; what comes later is not heard.
   * @throws ExecutionTimeout
   */
  within<T>(step: Promise<T>): Promise<T> {
    return Promise.race([this.#over, step]);
  }

  end(): void {
    this.#cancel();
  }
}
