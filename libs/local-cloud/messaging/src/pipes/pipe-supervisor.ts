import type { PipeState } from '@aws-sdk/client-pipes';
import { toAwsError, type Engine } from '@outbox/local-cloud-kernel';
import { checkPipeKey } from './pipe-key';
import { PipeLog } from './pipe-log';
import type { DeliveryTools } from './pipe-reading';
import { PipeRole } from './pipe-role';
import type { PipeStore, StoredPipe } from './pipe-store';
import { checkSource, readSource } from './pipe-source';
import { checkSourceAccess } from './source-access';

interface Run {
  readonly stopping: AbortController;
  readonly work: Promise<void>;
}

/** In AWS's words (EventBridge guide, "Pipes error handling and troubleshooting"). */
const STREAM_NOT_FOUND = 'Stream not found. To resume processing please delete the pipe and create a new one.';

/** Which state a failed change ends in. */
const FAILED: Partial<Record<PipeState, PipeState>> = {
  CREATING: 'CREATE_FAILED',
  UPDATING: 'UPDATE_FAILED',
  STARTING: 'START_FAILED',
};

/** Brings pipes from the state a request asked for to the state they rest in, and runs those that run. */
export class PipeSupervisor {
  readonly #runs = new Map<string, Run>();
  readonly #changes = new Map<string, Promise<void>>();

  constructor(
    private readonly store: PipeStore,
    private readonly engine: Engine,
  ) {}

  /** Carries out the change a pipe's state announces (CREATING, STOPPING, …), after those before it. */
  settle(pipeArn: string): void {
    const before = this.#changes.get(pipeArn) ?? Promise.resolve();
    const change = before
      .then(() => this.#change(pipeArn))
      .catch((error: unknown) =>
        this.engine.log('error', 'pipe could not change', { pipe: pipeArn, error: String(error) }),
      )
      .finally(() => {
        if (this.#changes.get(pipeArn) === change) this.#changes.delete(pipeArn);
      });
    this.#changes.set(pipeArn, change);
  }

  /** After a restart of the engine: running pipes run on, half-made changes are finished. */
  resume(): void {
    for (const pipe of [...this.store.pipes.values()]) {
      if (pipe.state === 'RUNNING') this.#start(pipe);
      else if (pipe.state.endsWith('ING')) this.settle(pipe.arn);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#changes.values());
    await Promise.all([...this.#runs.keys()].map((arn) => this.#stop(arn)));
  }

  async #change(pipeArn: string): Promise<void> {
    // The request that asked for it is answered first, with the state on the way.
    await this.engine.clock.sleep(0);
    const pipe = this.store.pipes.get(pipeArn);
    if (!pipe) return;
    await this.#stop(pipeArn);
    if (pipe.state === 'DELETING') return this.store.remove(pipeArn);
    if (pipe.state === 'STOPPING' || pipe.desiredState === 'STOPPED') return this.#rest(pipe, 'STOPPED');
    try {
      const tools = this.#tools(pipe, new AbortController().signal);
      checkSourceAccess(tools);
      await checkPipeKey(tools);
      await checkSource(this.store, tools);
    } catch (error) {
      return this.#rest(pipe, FAILED[pipe.state] ?? 'START_FAILED', toAwsError(error).message);
    }
    this.#rest(pipe, 'RUNNING');
    this.#start(pipe);
  }

  #rest(pipe: StoredPipe, state: PipeState, stateReason?: string): void {
    this.store.change(pipe.arn, { state, stateReason });
  }

  #start(pipe: StoredPipe): void {
    const stopping = new AbortController();
    const tools = this.#tools(pipe, stopping.signal);
    const running = readSource(this.store, tools).finally(() => tools.log.flushed());
    const work = running.catch((error: unknown) => {
      this.#runs.delete(pipe.arn);
      // A stream that was disabled or deleted never comes back under its ARN (EventBridge guide, "DynamoDB stream as a source").
      this.store.change(pipe.arn, {
        state: 'STOPPED',
        desiredState: 'STOPPED',
        stateReason: STREAM_NOT_FOUND,
      });
      this.engine.log('error', 'pipe stopped', { pipe: pipe.arn, error: String(error) });
    });
    this.#runs.set(pipe.arn, { stopping, work });
  }

  async #stop(pipeArn: string): Promise<void> {
    const run = this.#runs.get(pipeArn);
    if (!run) return;
    run.stopping.abort();
    await run.work;
    this.#runs.delete(pipeArn);
  }

  #tools(pipe: StoredPipe, signal: AbortSignal): DeliveryTools {
    const { engine } = this;
    return { pipe, engine, signal, role: new PipeRole(pipe, engine), log: new PipeLog(pipe, engine) };
  }
}
