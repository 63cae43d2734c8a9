import { crc32 } from 'node:zlib';
import {
  AwsError,
  toAwsError,
  unsupported,
  type Dispatcher,
  type Engine,
  type RequestContext,
  type Signer,
} from '@outbox/local-cloud-kernel';
import { decompress } from './body';
import { checkInput } from './check-input';
import { parseAuthorization, type Authorization, type Refusal } from './authorization';
import type { OperationModel, ServiceModel } from './model';
import { isServed, OtherServices } from './other-services';
import type { WireAnswer, WireRequest } from './protocol';
import { maxBytes, route, type Route } from './route';
import { joinChunks } from './s3/chunks';
import { takeHeadersOfQuery } from './s3/presigned';
import { checkSignature } from './signature';

/** What the API needs of the engine. */
export interface ApiPorts extends Pick<Engine, 'clock' | 'ids' | 'identity' | 'log'> {
  readonly dispatcher: Dispatcher;
  /** Real time; signatures of callers outside the engine go by it even when the engine's clock was moved. */
  readonly realNow: () => number;
  /** Told of every authenticated call of an operation AWS has, whether it is run here or refused. */
  readonly onCall?: (accountId: string, service: string, operation: string) => void;
  /** Origin of an emulator that gets the calls of services which are not here. */
  readonly fallback?: string;
}

/** AWS's API as one function from request to answer; whatever is sent, it answers as AWS would and never throws. */
export class Api {
  constructor(private readonly ports: ApiPorts) {}

  async answer(sent: WireRequest, signal: AbortSignal): Promise<WireAnswer> {
    const requestId = this.ports.ids.uuid();
    const startedAt = performance.now();
    const authorization = parseAuthorization(sent);
    if (!('reason' in authorization) && !isServed(authorization.service)) {
      return this.#answerOther(sent, authorization, requestId);
    }
    const found = await find(sent, 'reason' in authorization ? undefined : authorization.service);
    const outcome = await this.#run(sent, authorization, found, requestId, signal);
    this.ports.log('debug', 'request', {
      service: found.service?.name,
      operation: found.target instanceof AwsError ? undefined : found.target.name,
      status: outcome.answer.status,
      error: outcome.error?.code,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      requestId,
    });
    const { answer } = outcome;
    const checksum: Record<string, string> = found.service?.facts.checksums
      ? { 'x-amz-crc32': String(crc32(answer.body)) }
      : {};
    return { ...answer, headers: { ...answer.headers, ...checksum, 'x-amzn-requestid': requestId } };
  }

  async #answerOther(sent: WireRequest, authorization: Authorization, requestId: string): Promise<WireAnswer> {
    const { fallback, identity, log, onCall } = this.ports;
    const account = identity.resolve(authorization.accessKeyId, authorization.sessionToken)?.caller.accountId;
    const others = new OtherServices({
      log,
      fallback,
      onCall: (service, operation) => account !== undefined && onCall?.(account, service, operation),
    });
    const answer = await others.answer(sent, authorization, requestId);
    return { ...answer, headers: { 'x-amzn-requestid': requestId, ...answer.headers } };
  }

  /** The kernel's port for routes beside AWS's APIs whose requests are signed. */
  authenticate(request: WireRequest, signingName: string): Signer {
    return this.#believe(request, parseAuthorization(request), signingName);
  }

  async #run(
    request: WireRequest,
    authorization: Authorization | Refusal,
    found: Route,
    requestId: string,
    signal: AbortSignal,
  ): Promise<{ answer: WireAnswer; error?: AwsError }> {
    const { protocol, service, target } = found;
    const passThrough = service && this.ports.dispatcher.service(service.name)?.passThrough;
    let dispatched = false;
    try {
      const name = service?.facts.signingName ?? ('reason' in authorization ? '' : authorization.service);
      // Operations that nobody signs, such as AssumeRoleWithWebIdentity, are told by name, too.
      if ('reason' in authorization && authorization.reason === 'missing') this.#requireSupport(service, target);
      const { caller } = this.#believe(request, authorization, name);
      if (target instanceof AwsError) throw target;
      if (!service || 'reason' in authorization) throw new Error('a request without a service was authenticated');
      this.ports.onCall?.(caller.accountId, service.name, target.name);
      this.#requireSupport(service, target);
      const context: RequestContext = {
        accountId: caller.accountId,
        region: authorization.region,
        caller,
        requestId,
        service: service.name,
        operation: target.name,
        accessKeyId: authorization.accessKeyId,
        signal,
      };
      const decoded = protocol.decode(target);
      checkInput(service, target, decoded);
      if (passThrough && protocol.raw) {
        dispatched = true;
        return { answer: protocol.raw.answer(await this.ports.dispatcher.passThrough(protocol.raw.body(), context)) };
      }
      const output = await this.ports.dispatcher.dispatch(decoded.value, context);
      return { answer: protocol.encode(target, output, requestId) };
    } catch (cause) {
      const error = toAwsError(cause);
      if (!(cause instanceof AwsError)) this.#logDefect(found, cause);
      return { answer: this.#fail(found, dispatched, error, requestId), error };
    }
  }

  #fail(found: Route, dispatched: boolean, error: AwsError, requestId: string): WireAnswer {
    const { protocol, service } = found;
    try {
      const raw = dispatched ? protocol.raw : undefined;
      return raw && service ? raw.fail(service, error) : protocol.fail(service, error, requestId);
    } catch (cause) {
      // An error with members its model does not allow is a defect too, and still gets an answer.
      this.#logDefect(found, cause);
      return protocol.fail(service, toAwsError(cause), requestId);
    }
  }

  #believe(request: WireRequest, authorization: Authorization | Refusal, signingName: string): Signer {
    if ('reason' in authorization) throw refused(authorization);
    const { accessKeyId, sessionToken } = authorization;
    const known = this.ports.identity.resolve(accessKeyId, sessionToken);
    if (!known)
      throw refused({ reason: 'unknown-key', message: 'The security token included in the request is invalid.' });
    if (known.expired)
      throw refused({ reason: 'expired-key', message: 'The security token included in the request is expired' });
    const times = [this.ports.clock.now(), this.ports.realNow()];
    const refusal = checkSignature(request, authorization, known.secretAccessKey, signingName, times);
    if (refusal) throw refused(refusal);
    return { caller: known.caller, accessKeyId };
  }

  /** Refused before the body is read: what is not run here needs no valid input to be named. */
  #requireSupport(service: ServiceModel | undefined, operation: OperationModel | AwsError): void {
    if (!service || operation instanceof AwsError) return;
    const operations = this.ports.dispatcher.service(service.name)?.operations ?? {};
    if (!Object.hasOwn(operations, operation.name)) throw unsupported(service.name, operation.name);
  }

  #logDefect(found: Route, cause: unknown): void {
    this.ports.log('error', 'a request failed inside the local cloud', {
      service: found.service?.name,
      operation: found.target instanceof AwsError ? undefined : found.target.name,
      error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    });
  }
}

/** The route of what was sent, unpacked; what can't be unpacked has no target but its error. */
async function find(sent: WireRequest, signingName: string | undefined): Promise<Route> {
  try {
    return route(await unpack(sent, signingName), signingName);
  } catch (error) {
    return { ...route({ ...sent, body: Buffer.alloc(0) }, signingName), target: toAwsError(error) };
  }
}

/** S3 keeps bodies in the encoding they come in; only chunks are put together, and headers taken out of the query. */
async function unpack(sent: WireRequest, signingName: string | undefined): Promise<WireRequest> {
  if (signingName === 's3') return joinChunks(takeHeadersOfQuery(sent));
  return { ...sent, body: await decompress(sent.body, sent.headers['content-encoding'], maxBytes(signingName)) };
}

const REFUSAL_CODES: Readonly<Record<Refusal['reason'], string>> = {
  missing: 'MissingAuthenticationTokenException',
  incomplete: 'IncompleteSignatureException',
  'unknown-key': 'UnrecognizedClientException',
  'expired-key': 'ExpiredTokenException',
  mismatch: 'InvalidSignatureException',
  denied: 'AccessDeniedException',
};

function refused(refusal: Refusal): AwsError {
  return new AwsError(REFUSAL_CODES[refusal.reason], refusal.message, { status: 403 });
}
