import type { AwsError, SignedRequest } from '@outbox/local-cloud-kernel';
import type { Decoded } from './decode';
import type { OperationModel, ServiceModel } from './model';

/** A request as it came, before anything is believed. */
export type WireRequest = SignedRequest;

/** A whole answer; the server adds the request id and the length. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** One of AWS's protocols, for one request: reads its input, writes its output or error. */
export interface Protocol {
  /** @throws AwsError when the request's bytes are not what the operation's input allows. */
  decode(operation: OperationModel): Decoded;
  encode(operation: OperationModel, output: unknown, requestId: string): WireAnswer;
  /** `model` is undefined when the request named no service. */
  fail(model: ServiceModel | undefined, error: AwsError, requestId: string): WireAnswer;
  /** JSON protocols only: the body as parsed, and an answer from a body that needs no encoding. */
  readonly raw?: RawJson;
}

/** What a service behind a real server of its own needs: see `Service.passThrough`. */
export interface RawJson {
  body(): Record<string, unknown>;
  answer(body: unknown): WireAnswer;
  /** As `fail`, with the error's members in JSON already. */
  fail(model: ServiceModel, error: AwsError): WireAnswer;
}
