import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterRunning, Settings, type Engine } from '@outbox/local-cloud-kernel';
import { ACCOUNT_CONCURRENCY } from '../account-concurrency';
import { throttled } from '../lambda/errors';
import { functionArn } from '../lambda/names';
import type { RoleSessions } from '../role-sessions';
import { bootstrapSource } from './bootstrap/source';
import { Environment } from './environment';
import type { FunctionTarget, Invocation, InvocationResult } from './invocation';
import type { NodeBinaries } from './node-binary';
import { Pool, type PoolPorts } from './pool';
import type { Processors } from './processors';
import { linkRuntimeModules } from './runtime-modules';
import { Slots } from './slots';

/**
 * An environment without work ends after so long on this machine, which wants its memory back. AWS does not say when it does.
 * A test that moves the clock by hours finds warm ones, as after a quiet moment on AWS.
 */
const IDLE_MS = 10 * 60_000;
/** An event waits so long for a busy environment before another one is started: about as long as the start would take. */
const WAIT_FOR_WARM_MS = 200;
/** An environment whose credentials have less than this left is not used again. */
const CREDENTIALS_MARGIN_MS = 16 * 60_000;
/** Function processes that may live at the same time on this machine: more share its cores, and none gets warm. */
const MAX_PROCESSES = Math.max(16, 10 * availableParallelism());

/** Runs functions: keeps a pool of environments for each revision, starts and ends their processes. */
export class Executor {
  readonly #pools = new Map<string, Pool>();
  readonly #environments = new Map<string, Environment>();
  /** Invocations under way, by function ARN and by `account/region`. */
  readonly #running = new Map<string, number>();
  readonly #slots: Slots;
  readonly #settings: Settings;
  readonly #bootstrapFile: string;
  readonly #runtimeModules: string;
  #stopped = false;

  constructor(
    private readonly engine: Engine,
    private readonly nodes: NodeBinaries,
    private readonly roles: RoleSessions,
    private readonly processors: Processors,
  ) {
    this.#settings = new Settings(engine.store);
    this.#slots = new Slots(MAX_PROCESSES, Math.max(2, availableParallelism()), () =>
      [...this.#pools.values()].some((pool) => pool.evictOne()),
    );
    const source = bootstrapSource();
    const digest = createHash('sha256').update(source).digest('hex').slice(0, 16);
    const folder = join(engine.directory, 'runtime');
    mkdirSync(folder, { recursive: true });
    rmSync(join(engine.directory, 'tmp'), { recursive: true, force: true });
    this.#bootstrapFile = join(folder, `bootstrap-${digest}.cjs`);
    writeFileSync(this.#bootstrapFile, source);
    this.#runtimeModules = linkRuntimeModules(folder);
  }

  /**
   * Runs one event and answers what the function answered, its failure included.
   * @throws AwsError `TooManyRequestsException` when the function's or the account's concurrency is used up.
   */
  async invoke(target: FunctionTarget, invocation: Invocation): Promise<InvocationResult> {
    const { record } = target;
    const home = `${record.accountId}/${record.region}`;
    const own = functionArn(record);
    if (record.reservedConcurrency !== undefined && this.#count(own) >= record.reservedConcurrency) {
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    if (this.#count(home) >= this.#settings.get(ACCOUNT_CONCURRENCY)) {
      throw throttled('ConcurrentInvocationLimitExceeded');
    }
    this.#add(own, 1);
    this.#add(home, 1);
    this.#reportConcurrency(record, home, own);
    try {
      return await this.#pool(target).run(invocation);
    } finally {
      this.#add(own, -1);
      this.#add(home, -1);
    }
  }

  /**
   * Starts an environment before there is an event for it, when nothing else is to be started. It ends like any that has
   * no work. Lambda does so too, now and then. Source: Lambda developer guide, "Understanding the Lambda execution
   * environment lifecycle", Init phase.
   */
  prepare(target: FunctionTarget): void {
    if (target.record.reservedConcurrency !== 0) this.#pool(target).prepare();
  }

  /** Resolves when nothing waits for an environment of it: another event would be run at once, or have one started. */
  async whenFree(target: FunctionTarget): Promise<void> {
    await this.#pools.get(poolKey(target))?.whenFree();
  }

  /** How many invocations are under way, by the function's ARN. */
  running(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#running].filter(([key, count]) => key.startsWith('arn:') && count > 0));
  }

  /** Kills the process that signs with this key, whatever it runs; false when there is none. */
  kill(accessKeyId: string): boolean {
    const owner = [...this.#environments.values()].find((one) => one.accessKeyId === accessKeyId);
    owner?.kill();
    return owner !== undefined;
  }

  /** Ends the environments of a function (of one revision, when given) once they have finished what they run. */
  async retire(arn: string, revisionId?: string): Promise<void> {
    const retiring = [...this.#pools].filter(
      ([, { target }]) =>
        functionArn(target.record) === arn && (revisionId === undefined || target.version.revisionId === revisionId),
    );
    await Promise.all(
      retiring.map(async ([key, pool]) => {
        this.#pools.delete(key);
        await pool.retire();
      }),
    );
  }

  /** Ends every process; resolves when their logs are written too. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(
      [...this.#environments.values()].map((environment) => {
        environment.kill();
        return environment.exited();
      }),
    );
  }

  #pool(target: FunctionTarget): Pool {
    const key = poolKey(target);
    const known = this.#pools.get(key);
    if (known) return known;
    const pool = new Pool(target, this.#ports());
    this.#pools.set(key, pool);
    return pool;
  }

  #ports(): PoolPorts {
    return {
      requestStart: (start) => this.#slots.request(() => !this.#stopped && start()),
      tryStart: (start) => this.#slots.try(() => !this.#stopped && start()),
      startWhenQuiet: (start) => this.#slots.whenQuiet(() => !this.#stopped && start()),
      createEnvironment: (target, events) => this.#create(target, events),
      started: () => this.#slots.started(),
      ended: () => this.#slots.ended(),
      idle: () => this.#slots.idle(),
      afterIdle: (action) => afterRunning(this.engine.clock, IDLE_MS, action),
      afterWaiting: (action) => afterRunning(this.engine.clock, WAIT_FOR_WARM_MS, action),
      isBusy: () => this.processors.isBusy(),
      isStale: (environment) => environment.credentialsExpireAt - this.engine.clock.now() < CREDENTIALS_MARGIN_MS,
    };
  }

  #create(target: FunctionTarget, events: { ready(): void; ended(): void }): Environment {
    const { record, version } = target;
    const id = this.engine.ids.token(32);
    const { credentials } = this.engine.identity.assumeRole(version.role, 'lambda.amazonaws.com', record.name);
    const environment = new Environment(
      this.engine,
      {
        id,
        target,
        node: this.nodes.find(version.runtime, 'Invoke'),
        bootstrapFile: this.#bootstrapFile,
        modules: [...layerModules(this.engine.directory, version), this.#runtimeModules],
        credentials,
        log: {
          group: version.logging.group,
          stream: this.#logStream(target),
          region: record.region,
          caller: () => this.roles.caller(version.role, 'lambda.amazonaws.com', record.name),
        },
      },
      events,
    );
    void environment.exited().then(() => this.#environments.delete(id));
    this.#environments.set(id, environment);
    return environment;
  }

  /** Source: Lambda developer guide; with a log group of one's own the function's name is part of the stream's. */
  #logStream({ record, version }: FunctionTarget): string {
    const day = new Date(this.engine.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const own = version.logging.group === `/aws/lambda/${record.name}` ? '' : record.name;
    return `${day}/${own}[${version.version}]${this.engine.ids.token(32, '0123456789abcdef')}`;
  }

  #reportConcurrency({ accountId, region, name }: FunctionTarget['record'], home: string, own: string): void {
    const metric = { accountId, region, namespace: 'AWS/Lambda', name: 'ConcurrentExecutions', unit: 'Count' } as const;
    this.engine.metrics.record({ ...metric, dimensions: {}, value: this.#count(home) });
    this.engine.metrics.record({ ...metric, dimensions: { FunctionName: name }, value: this.#count(own) });
  }

  #count(key: string): number {
    return this.#running.get(key) ?? 0;
  }

  #add(key: string, change: number): void {
    this.#running.set(key, this.#count(key) + change);
  }
}

/**
 * Folders of modules in a version's layers, those of later ones first. Source: Lambda developer guide, "Packaging your
 * layer content": `nodejs/node_modules`, and that of one runtime before it.
 */
function layerModules(directory: string, { layers = [], runtime }: FunctionTarget['version']): readonly string[] {
  const own = runtime.replace(/js(\d+)\.x$/, '$1');
  return [...layers]
    .reverse()
    .flatMap(({ folder }) =>
      [`nodejs/${own}/node_modules`, 'nodejs/node_modules'].map((path) => join(directory, folder, path)),
    );
}

function poolKey({ record, version }: FunctionTarget): string {
  return `${functionArn(record, version.version)} ${version.revisionId}`;
}
