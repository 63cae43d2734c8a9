import { unsupported } from './errors';
import type { AwsCalls, Engine } from './engine';
import type { Requirement } from './identity';
import type { RequestContext, Service } from './service';
import type { InputOf, OperationName, OutputOf, ServiceName } from './sdk';

interface AnyOperation {
  requires(input: unknown, context: RequestContext): readonly Requirement[];
  handle(input: unknown, context: RequestContext): unknown;
}

/** Stands around every call that is allowed: runs it, as it is or changed, or has it fail. */
export type Interceptor = (
  service: Service<ServiceName>,
  context: RequestContext,
  input: unknown,
  run: (input: unknown) => Promise<unknown>,
) => Promise<unknown>;

/** The one way into a service, for requests off the wire and for calls between services: known? allowed? then run. */
export class Dispatcher implements AwsCalls {
  readonly #services = new Map<ServiceName, Service<ServiceName>>();

  constructor(
    private readonly engine: Pick<Engine, 'identity' | 'ids' | 'store'>,
    private readonly intercept: Interceptor = (_service, _context, input, run) => run(input),
  ) {}

  register(service: Service<ServiceName>): void {
    if (this.#services.has(service.name)) throw new Error(`service ${service.name} is registered twice`);
    this.#services.set(service.name, service);
  }

  service(name: ServiceName): Service<ServiceName> | undefined {
    return this.#services.get(name);
  }

  services(): Iterable<Service<ServiceName>> {
    return this.#services.values();
  }

  /**
   * Runs an operation whose input is decoded already.
   * @throws AwsError as AWS answers it: unknown operation, access denied, or the operation's own errors.
   */
  dispatch(input: unknown, context: RequestContext): Promise<unknown> {
    return this.#run(input, context, ({ handle }) => handle);
  }

  /** As `dispatch`, for a service that answers the JSON body itself. */
  passThrough(body: Record<string, unknown>, context: RequestContext): Promise<unknown> {
    return this.#run(body, context, (_operation, { passThrough }) => {
      if (!passThrough) throw unsupported(context.service, context.operation);
      return (changed) => passThrough(context.operation, changed as Record<string, unknown>, context);
    });
  }

  async call<S extends ServiceName, Op extends OperationName<S>>(
    service: S,
    operation: Op,
    input: InputOf<S, Op>,
    as: Parameters<AwsCalls['call']>[3],
  ): Promise<OutputOf<S, Op>> {
    const output = await this.dispatch(input, {
      accountId: as.caller.accountId,
      region: as.region,
      caller: as.caller,
      requestId: this.engine.ids.uuid(),
      service,
      operation,
      signal: as.signal ?? new AbortController().signal,
    });
    return output as OutputOf<S, Op>;
  }

  /** Finds the operation, asks whether it is allowed, and has what `choose` returns do it. */
  async #run(
    input: unknown,
    context: RequestContext,
    choose: (operation: AnyOperation, service: Service<ServiceName>) => AnyOperation['handle'],
  ): Promise<unknown> {
    const service = this.#services.get(context.service);
    const operations: Readonly<Record<string, unknown>> = service?.operations ?? {};
    if (!service || !Object.hasOwn(operations, context.operation))
      throw unsupported(context.service, context.operation);
    const operation = operations[context.operation] as AnyOperation;
    const handle = choose(operation, service);
    this.engine.identity.authorize(
      context.caller,
      operation.requires(input, context),
      context.service,
      context.operation,
      context.region,
    );
    const output = await this.intercept(service, context, input, async (changed) => handle(changed, context));
    this.engine.store.flush();
    return output;
  }
}
