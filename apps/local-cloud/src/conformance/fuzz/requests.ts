import { NormalizedSchema } from '@smithy/core/schema';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Service, ServiceName } from '@outbox/local-cloud-kernel';
import { serviceModel } from '@outbox/local-cloud-wire';
import type { Random } from '@outbox/testing';
import { region } from '../cloud';
import { sdkOf } from '../send';
import { structFor } from './values';

/** A request off the generator, signed unless that is what is wrong with it. */
export interface FuzzRequest {
  /** For the report of a failure. */
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Draft {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Makes malformed requests to the operations the engine runs. */
export class RequestGenerator {
  readonly #operations: readonly { readonly service: ServiceName; readonly operation: string }[];

  constructor(
    services: readonly Service<ServiceName>[],
    private readonly origin: URL,
    private readonly account: string,
    private readonly random: Random,
  ) {
    this.#operations = services.flatMap(({ name, operations }) =>
      Object.keys(operations)
        .sort()
        .map((operation) => ({ service: name, operation })),
    );
  }

  async next(now: Date): Promise<FuzzRequest> {
    const { service, operation } = this.random.pick(this.#operations);
    const draft = this.#draft(service, operation);
    const { signingName } = serviceModel(service).facts;
    return this.random.chance(0.06) ? this.#badlySigned(draft, signingName, now) : this.#sign(draft, signingName, now);
  }

  #draft(service: ServiceName, operation: string): Draft {
    const { facts } = serviceModel(service);
    const schema = sdkOf(service)[`${operation}$`] as readonly unknown[];
    const input = NormalizedSchema.of(schema[4] as Parameters<typeof NormalizedSchema.of>[0]);
    const what = `${service} ${operation}`;
    const members = structFor(input, this.random, this.account);
    const speaksJson = facts.targetPrefix !== undefined;
    if (facts.query && (!speaksJson || this.random.chance(0.5))) {
      const form = new URLSearchParams({ Action: operation, Version: facts.query.version });
      for (const [key, value] of flattened(members, this.random)) form.append(key, value);
      const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
      return { what, method: 'POST', path: '/', query: {}, headers, body: this.#broken(form.toString()) };
    }
    const body = this.#broken(JSON.stringify(members));
    if (speaksJson) {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${facts.targetPrefix}.${this.random.chance(0.03) ? 'Nothing' : operation}`,
      };
      return { what, method: 'POST', path: '/', query: {}, headers, body };
    }
    return { what, ...this.#rest(schema, input, members), body };
  }

  #rest(schema: readonly unknown[], input: NormalizedSchema, members: Record<string, unknown>) {
    const { http } = schema[3] as { http: readonly [string, string, number] };
    const [template = '/', fixed = ''] = http[1].split('?');
    const path = template.replace(/\{(\w+)\+?\}/g, (_, name: string) =>
      encodeURIComponent(wellFormed(String(members[name] ?? 'f').slice(0, 400)) || 'f'),
    );
    const query: Record<string, string> = Object.fromEntries(new URLSearchParams(fixed));
    for (const [name, member] of input.structIterator()) {
      const { httpQuery } = member.getMergedTraits();
      if (httpQuery && name in members) query[httpQuery] = wellFormed(textOf(members[name])).slice(0, 1_000);
    }
    const method = this.random.chance(0.04) ? this.random.pick(['GET', 'PUT', 'PATCH', 'DELETE']) : http[0];
    return { method, path, query, headers: { 'content-type': 'application/json' } };
  }

  /** Mostly as it is; now and then cut off, no text at all, or with something behind it. */
  #broken(text: string): Buffer {
    const whole = Buffer.from(text);
    if (this.random.chance(0.75)) return whole;
    return this.random.pick([
      () => whole.subarray(0, this.random.int(0, whole.byteLength)),
      () => Buffer.concat([whole, Buffer.from('}]"\u0000')]),
      () => Buffer.from(Array.from({ length: this.random.int(0, 63) }, () => this.random.int(0, 255))),
      () => Buffer.from(`${'['.repeat(2_000)}`),
      () => Buffer.alloc(0),
      () => Buffer.from('null'),
      () => Buffer.from(JSON.stringify({ a: 'x'.repeat(400_000) })),
    ])();
  }

  async #sign(draft: Draft, signingName: string, now: Date): Promise<FuzzRequest> {
    const signer = new SignatureV4({
      credentials: { accessKeyId: this.account, secretAccessKey: 'local' },
      region,
      service: signingName,
      sha256: Sha256,
    });
    const { host, hostname } = this.origin;
    const signed = await signer.sign(
      { ...draft, protocol: 'http:', hostname, headers: { ...draft.headers, host } },
      { signingDate: now },
    );
    return finished(draft, signed.headers);
  }

  async #badlySigned(draft: Draft, signingName: string, now: Date): Promise<FuzzRequest> {
    const good = await this.#sign(draft, signingName, now);
    const authorization = good.headers['authorization'] ?? '';
    const bad = this.random.pick([
      authorization.replace(/.{8}$/, '00000000'),
      authorization.replace(/Credential=\d+/, 'Credential=AKIAUNKNOWN'),
      authorization.replace(/SignedHeaders=[^,]+/, 'SignedHeaders='),
      authorization.replace('us-east-1', ''),
      authorization.slice(0, this.random.int(0, authorization.length - 1)),
      'AWS4-HMAC-SHA256 ',
      'Bearer x',
    ]);
    const date: Record<string, string> = this.random.chance(0.3)
      ? { 'x-amz-date': this.random.pick(['', 'yesterday', '20000101T000000Z']) }
      : {};
    return { ...good, what: `${good.what}, badly signed`, headers: { ...good.headers, authorization: bad, ...date } };
  }
}

function finished(draft: Draft, headers: Record<string, string>): FuzzRequest {
  const query = new URLSearchParams(draft.query).toString().replaceAll('+', '%20');
  const { what, method, body } = draft;
  return { what, method, path: query === '' ? draft.path : `${draft.path}?${query}`, headers, body };
}

/** The Query protocol's keys, by either way of writing lists. */
function flattened(value: unknown, random: Random, prefix = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[prefix, textOf(value)]];
  if (Array.isArray(value)) {
    const member = random.chance(0.5) ? '.member' : '';
    return value.flatMap((one, index) => flattened(one, random, `${prefix}${member}.${index + 1}`));
  }
  return Object.entries(value).flatMap(([key, one]) =>
    flattened(one, random, prefix === '' ? key : `${prefix}.${key}`),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What may stand in a URL: lone surrogates can't. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString('utf8');
}
