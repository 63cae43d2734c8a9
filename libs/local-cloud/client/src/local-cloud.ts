import { setTimeout as delay } from 'node:timers/promises';
import { types } from 'node:util';
import type {
  Calls,
  Claims,
  CollectedSpan,
  Denial,
  FaultCounts,
  FaultKind,
  Faults,
  Info,
  Mail,
  Message,
  Settings,
  Usage,
} from './answers.ts';
import { LocalCloudError } from './local-cloud-error.ts';
import type { Wanted } from './matching.ts';
import { seen, unseen, type Patience } from './wait.ts';

/** Which account and region are meant: 000000000000 and us-east-1 unless told. */
export interface Place {
  readonly account?: string;
  readonly region?: string;
}

/** What constructors of the AWS SDK's clients take. */
export interface AwsSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';
const DEFAULT_ORIGIN = 'http://127.0.0.1:4566';
const READY_MS = 60_000;
const POLL_MS = 100;
const ANSWER_MS = 2_000;

/**
 * A local cloud that runs, over HTTP: its clock, faults and settings, what was called, used, sent and queued, and what a
 * test expects of it. Every method rejects with LocalCloudError when it refuses, or doesn't answer.
 */
export class LocalCloud {
  readonly #origin: string | undefined;

  /** @param origin as in `http://127.0.0.1:4566`; `AWS_ENDPOINT_URL` unless told, and port 4566 while that isn't set */
  constructor(origin?: string) {
    this.#origin = origin;
  }

  /** As in `http://127.0.0.1:4566`. */
  get origin(): string {
    // Read at each use: a test's setup may set it after this was made.
    return (this.#origin ?? process.env['AWS_ENDPOINT_URL'] ?? DEFAULT_ORIGIN).replace(/\/+$/, '');
  }

  /** Endpoint, region and credentials of an account's admin, for the AWS SDK's clients. */
  aws({ account = ACCOUNT, region = REGION }: Place = {}): AwsSettings {
    return { endpoint: this.origin, region, credentials: { accessKeyId: account, secretAccessKey: 'local' } };
  }

  /** The same as environment variables, for programs: the AWS CLI, Terraform, functions. */
  environment({ account = ACCOUNT, region = REGION }: Place = {}): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.origin,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: 'local',
    };
  }

  /** Whether it answers AWS calls. Never rejects. */
  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.origin}/_local/health`, { signal: AbortSignal.timeout(ANSWER_MS) })).ok;
    } catch {
      return false;
    }
  }

  /** Resolves once it answers AWS calls; within a minute, unless told. */
  async ready({ within = READY_MS }: Patience = {}): Promise<void> {
    const deadline = performance.now() + within;
    while (!(await this.isReady())) {
      if (performance.now() >= deadline) {
        throw new LocalCloudError(`the local cloud at ${this.origin} is not ready within ${within} ms`);
      }
      await delay(POLL_MS);
    }
  }

  /** Where it is, and what it runs. */
  async info(): Promise<Info> {
    return (await this.#ask('GET', 'info')) as Info;
  }

  /** Every operation that it runs, as `service Operation`, in order. */
  async operations(): Promise<readonly string[]> {
    const { services } = await this.info();
    return Object.entries(services)
      .flatMap(([service, operations]) => operations.map((operation) => `${service} ${operation}`))
      .sort();
  }

  /** Its time, in epoch milliseconds. */
  async now(): Promise<number> {
    return timeOf(await this.#ask('GET', 'clock'));
  }

  /** Moves its clock, and with it every timer, timeout and schedule. Returns the time after that, in epoch milliseconds. */
  async advance(milliseconds: number): Promise<number> {
    return timeOf(await this.#ask('POST', 'clock', { advanceMs: milliseconds }));
  }

  /** How it behaves where AWS leaves it open. */
  async settings(): Promise<Settings> {
    return (await this.#ask('GET', 'settings')) as Settings;
  }

  /** Changes settings, and leaves those that aren't named. */
  async configure(settings: Partial<Settings>): Promise<Settings> {
    return (await this.#ask('POST', 'settings', settings)) as Settings;
  }

  /** Switches faults on, each kind with its chance from 0 to 1; they are counted from zero. */
  async startFaults(seed: number, rates: Readonly<Partial<Record<FaultKind, number>>>): Promise<void> {
    await this.#ask('POST', 'faults', { seed, rates });
  }

  /** Switches faults off. Returns how often each struck. */
  async stopFaults(): Promise<FaultCounts> {
    return ((await this.#ask('DELETE', 'faults')) as Faults).counts;
  }

  /** Whether faults are on, and how often each struck. */
  async faults(): Promise<Faults> {
    return (await this.#ask('GET', 'faults')) as Faults;
  }

  /** Which permissions each role used so far. */
  async usage(): Promise<Usage> {
    return (await this.#ask('GET', 'usage')) as Usage;
  }

  /** What was denied since the start, the latest first. */
  async denials(): Promise<readonly Denial[]> {
    return ((await this.#ask('GET', 'denials')) as { readonly denials: readonly Denial[] }).denials;
  }

  /** Which operations were called since the start, run or refused. */
  async calls(): Promise<Calls> {
    return (await this.#ask('GET', 'calls')) as Calls;
  }

  /** Which operations an account called since the start, as `service Operation`, in order. */
  async calledOperations(account: string = ACCOUNT): Promise<readonly string[]> {
    const { [account]: services = {} } = await this.calls();
    return Object.entries(services)
      .flatMap(([service, operations]) => Object.keys(operations).map((operation) => `${service} ${operation}`))
      .sort();
  }

  /** How many invocations are under way, by the function's ARN; a function that runs none isn't named. */
  async runningInvocations(): Promise<Readonly<Record<string, number>>> {
    const answer = await this.#ask('GET', 'invocations');
    return (answer as { readonly running: Readonly<Record<string, number>> }).running;
  }

  /** Which of its own tables hold a text, and in how many items: queues, archives and whatever else it keeps. */
  async find(text: string): Promise<Readonly<Record<string, number>>> {
    const answer = await this.#ask('GET', `find?text=${encodeURIComponent(text)}`);
    return (answer as { readonly tables: Readonly<Record<string, number>> }).tables;
  }

  /** What topics sent, to an address or to all, newest last. */
  async mails(to?: string): Promise<readonly Mail[]> {
    const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
    return ((await this.#ask('GET', `mail${query}`)) as { readonly mails: readonly Mail[] }).mails;
  }

  /** The messages in a queue, by the queue's name, oldest first. Looking changes nothing: none is received. */
  async messages(queue: string, { account = ACCOUNT, region = REGION }: Place = {}): Promise<readonly Message[]> {
    const query = new URLSearchParams({ queue, account, region });
    const answer = await this.#ask('GET', `messages?${query}`);
    return (answer as { readonly messages: readonly Message[] }).messages;
  }

  /** Spans that were sent to its collector, `/v1/traces`: those of a trace, or the last of all, by their start. */
  async spans(traceId?: string): Promise<readonly CollectedSpan[]> {
    const query = traceId === undefined ? '' : `?trace=${encodeURIComponent(traceId)}`;
    return ((await this.#ask('GET', `traces${query}`)) as { readonly spans: readonly CollectedSpan[] }).spans;
  }

  /** The issuer of tokens that it brings along, for JWT authorizers. */
  get issuer(): string {
    return `${this.origin}/_local/issuer`;
  }

  /** An access token with these claims. */
  async issueToken(claims: Claims): Promise<string> {
    return ((await this.#ask('POST', 'issuer/token', claims)) as { readonly access_token: string }).access_token;
  }

  /**
   * Waits until a queue has such a message, and returns it.
   * @throws NotSeenError with the messages that are there
   */
  expectMessage(queue: string, wanted: Wanted<Message>, options: Patience & Place = {}): Promise<Message> {
    return seen(`queue ${queue}`, () => this.messages(queue, options), wanted, options);
  }

  /**
   * Looks for the whole time that a queue has no such message.
   * @throws NotSeenError with the one that came
   */
  expectNoMessage(queue: string, wanted: Wanted<Message>, options: Patience & Place = {}): Promise<void> {
    return unseen(`queue ${queue}`, () => this.messages(queue, options), wanted, options);
  }

  /**
   * Waits until such a mail was sent to an address, and returns it.
   * @throws NotSeenError with the mails that were sent there
   */
  expectMail(to: string, wanted: Wanted<Mail>, options: Patience = {}): Promise<Mail> {
    return seen(`mail to ${to}`, () => this.mails(to), wanted, options);
  }

  /**
   * Waits until an account called an operation, named as in `sqs SendMessage`.
   * @throws NotSeenError with what it called
   */
  async expectCall(operation: string, { account, ...patience }: Patience & Pick<Place, 'account'> = {}): Promise<void> {
    await seen('operations called', () => this.calledOperations(account), operation, patience);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const request = `${method} ${this.origin}/_local/${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.origin}/_local/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (cause) {
      throw new LocalCloudError(`${request}: no answer: ${reasonOf(cause)}`, {
        refused: { request, status: undefined },
        cause,
      });
    }
    if (response.ok) return JSON.parse(text);
    throw new LocalCloudError(`${request} returned ${response.status}: ${messageOf(text)}`, {
      refused: { request, status: response.status },
    });
  }
}

function timeOf(clock: unknown): number {
  return Date.parse((clock as { readonly now: string }).now);
}

/** The innermost cause: Node's "fetch failed" says nothing by itself. */
function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  return error.message || error.name;
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    return typeof message === 'string' ? message : text;
  } catch {
    return text;
  }
}
