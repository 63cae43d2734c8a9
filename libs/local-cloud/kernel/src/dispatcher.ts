import { unsupported } from './errors';
import type { AwsCalls, Engine } from './engine';
import type { Clock } from './clock';
import type { FaultPlane } from './faults';
import { runWithFaults } from './faulty-call';
import type { Operation, RequestContext, Service } from './service';
import type { InputOf, OperationName, OutputOf, ServiceName } from './sdk';

type AnyOperation = Operation<ServiceName, never> & {
  requires(input: unknown, context: RequestContext): ReturnType<Operation<'sqs', 'SendMessage'>['requires']>;
  handle(input: unknown, context: RequestContext): unknown;
};

/** The one way into a service, for requests off the wire and for calls between services: known? allowed? then run. */
export class Dispatcher implements AwsCalls {
  readonly #services = new Map<ServiceName, Service<ServiceName>>();

  constructor(
    private readonly engine: Pick<Engine, 'identity' | 'ids' | 'store'>,
    private readonly faults?: { readonly plane: FaultPlane; readonly clock: Clock },
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
  async dispatch(input: unknown, context: RequestContext): Promise<unknown> {
    const operation = this.#operation(context.service, context.operation);
    this.engine.identity.authorize(
      context.caller,
      operation.requires(input, context),
      context.service,
      context.operation,
      context.region,
    );
    const output = await this.#run(context, input, async (changed) => operation.handle(changed, context));
    this.engine.store.flush();
    return output;
  }

  /** As `dispatch`, for a service that answers the JSON body itself. */
  async passThrough(body: Record<string, unknown>, context: RequestContext): Promise<unknown> {
    const operation = this.#operation(context.service, context.operation);
    const passThrough = this.#services.get(context.service)?.passThrough;
    if (!passThrough) throw unsupported(context.service, context.operation);
    this.engine.identity.authorize(
      context.caller,
      operation.requires(body, context),
      context.service,
      context.operation,
      context.region,
    );
    const output = await this.#run(context, body, (changed) =>
      passThrough(context.operation, changed as Record<string, unknown>, context),
    );
    this.engine.store.flush();
    return output;
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

  #run(context: RequestContext, input: unknown, run: (input: unknown) => Promise<unknown>): Promise<unknown> {
    if (!this.faults?.plane.active) return run(input);
    return runWithFaults(this.faults.plane, this.faults.clock, context, input, run, async (QueueUrl, ReceiptHandle) =>
      this.#operation('sqs', 'ChangeMessageVisibility').handle(
        { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 },
        context,
      ),
    );
  }

  #operation(service: ServiceName, operation: string): AnyOperation {
    const operations: Readonly<Record<string, unknown>> = this.#services.get(service)?.operations ?? {};
    if (!Object.hasOwn(operations, operation)) throw unsupported(service, operation);
    return operations[operation] as AnyOperation;
  }
}
