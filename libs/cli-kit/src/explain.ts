import { CliError, EXIT } from './errors';
import { oneLine } from './one-line';

/** An error as a user is told of it: what failed, why, and what to do. */
export interface Explanation {
  readonly message: string;
  readonly cause?: string;
  readonly hint?: string;
}

/** What an explanation needs of the environment: where AWS is, as the SDK reads it. */
export type Surroundings = Readonly<Record<string, string | undefined>>;

/** `exitCode` 3 is for whatever keeps the CLI from asking: network, credentials, permissions, the wrong account. */
export function explain(error: unknown, environment: Surroundings): Explanation & { readonly exitCode: number } {
  if (error instanceof CliError) {
    return { ...parts(error.message, error.reason, error.hint), exitCode: error.exitCode };
  }
  const known = causesOf(error)
    .map((cause) => explainNetwork(cause, environment) ?? explainAws(cause, environment))
    .find((explanation) => explanation !== undefined);
  if (known) return { ...known, exitCode: EXIT.unreachable };
  return { message: messageOf(error), exitCode: EXIT.failed };
}

/** Names of errors that ask for fewer calls; `LimitExceededException` is what the readers of a stream get. */
const THROTTLED = /Throttl|^TooManyRequests|^RequestLimitExceeded$|^LimitExceededException$|^ProvisionedThroughput/;

/** Whether an error is likely to pass by itself: the network, a throttle, a fault of AWS's own. */
export function isPassing(error: unknown): boolean {
  const causes = causesOf(error);
  const names = causes.map(({ name }) => String(name));
  if (names.some((name) => [...NO_CREDENTIALS, ...EXPIRED, ...NOT_TAKEN, ...DENIED].includes(name))) return false;
  const statuses = causes.map(({ $metadata, $response }) => $metadata?.httpStatusCode ?? $response?.statusCode ?? 0);
  return (
    names.some((name) => THROTTLED.test(name)) ||
    causes.some((cause) => [...NO_HOST, ...NO_ROUTE, ...CUT_OFF, 'ECONNREFUSED'].includes(networkCode(cause))) ||
    statuses.some((status) => status === 429 || status >= 500)
  );
}

/** One line for a person, which begins with the program's name; under `--json` one line of JSON. */
export function renderExplanation(program: string, explanation: Explanation, json: boolean): string {
  const { message, cause, hint } = explanation;
  if (json) return JSON.stringify({ error: parts(message, cause, hint) });
  const what = reasonOf(explanation);
  return `${program}: ${hint === undefined ? what : `${what.replace(/\.$/, '')}. ${hint}`}`;
}

/** What failed and why, without what to do. */
export function reasonOf({ message, cause }: Explanation): string {
  return cause === undefined ? message : `${message}: ${cause}`;
}

function parts(message: string, cause: string | undefined, hint: string | undefined): Explanation {
  return { message, ...(cause === undefined ? {} : { cause }), ...(hint === undefined ? {} : { hint }) };
}

/** The parts of an SDK's, Node's or fetch's error that are read here; nobody promises their types. */
interface Evidence {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly address?: unknown;
  readonly port?: unknown;
  readonly hostname?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly statusCode?: number };
}

/** The error, what caused it, and the attempts it is made of (`localhost` is tried as IPv6 and IPv4), depth first. */
function causesOf(error: unknown): Evidence[] {
  if (typeof error !== 'object' || error === null) return [];
  const evidence: Evidence = error;
  const attempts = Array.isArray(evidence.errors) ? evidence.errors : [];
  return [...[evidence.cause, ...attempts].flatMap(causesOf), evidence];
}

const NO_HOST = ['ENOTFOUND', 'EAI_AGAIN'];
const NO_ROUTE = ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN'];
const CUT_OFF = [
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
];
/** Codes of Node's parser of HTTP, of its TLS and of OpenSSL begin so. */
const NOT_HTTP = /^HPE_/;
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$)/;

function explainNetwork(error: Evidence, environment: Surroundings): Explanation | undefined {
  const code = networkCode(error);
  const place = placeOf(error, environment);
  const hint = isLocal(place)
    ? 'make up starts the local cloud, eval "$(make -s env)" points this shell at it'
    : 'Check the network, AWS_REGION and AWS_ENDPOINT_URL; for the local cloud: eval "$(make -s env)"';
  const url = environment['AWS_ENDPOINT_URL'];
  if (code === 'ERR_INVALID_URL' && url !== undefined && !URL.canParse(url)) {
    return { message: `AWS_ENDPOINT_URL is not a URL: ${url}`, hint: 'For the local cloud: eval "$(make -s env)"' };
  }
  if (code === 'ECONNREFUSED') return { message: `nothing listens at ${place}`, cause: code, hint };
  if (NO_HOST.includes(code)) return { message: `cannot find the host ${place}`, cause: code, hint };
  if (NO_ROUTE.includes(code)) return { message: `cannot reach ${place}`, cause: code, hint };
  if (CUT_OFF.includes(code)) return { message: `no answer from ${place}`, cause: messageOf(error), hint };
  if (NOT_HTTP.test(code)) return { message: `what listens at ${place} is not AWS`, cause: messageOf(error), hint };
  if (TLS.test(code)) {
    const trust =
      'Name the certificate of your proxy in AWS_CA_BUNDLE and NODE_EXTRA_CA_CERTS, and check http or https';
    return { message: `no secure connection to ${place}`, cause: messageOf(error), hint: trust };
  }
  return undefined;
}

function networkCode({ code, name }: Evidence): string {
  return typeof code === 'string' ? code : name === 'TimeoutError' ? 'ETIMEDOUT' : '';
}

const NO_CREDENTIALS = ['CredentialsProviderError', 'TokenProviderError'];
const EXPIRED = ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'];
const NOT_TAKEN = [
  'AuthFailure',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];
const DENIED = [
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'KMSAccessDeniedException',
  'UnauthorizedOperation',
];
const NOT_THERE = ['ResourceNotFoundException', 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

function explainAws(error: Evidence, environment: Surroundings): Explanation | undefined {
  const name = String(error.name);
  const cause = messageOf(error);
  const signIn =
    'Sign in (aws sso login, aws configure) or choose an AWS_PROFILE; for the local cloud: eval "$(make -s env)"';
  if (cause === 'Region is missing') {
    return { message: 'no AWS region is set', hint: 'Set AWS_REGION; for the local cloud: eval "$(make -s env)"' };
  }
  if (NO_CREDENTIALS.includes(name)) {
    return { message: 'no AWS credentials', cause, hint: signIn };
  }
  if (EXPIRED.includes(name)) return { message: 'the AWS credentials have expired', cause, hint: signIn };
  if (NOT_TAKEN.includes(name)) {
    const hint = `${signIn}. A clock that is wrong does this too`;
    return { message: 'AWS does not accept these credentials', cause, hint };
  }
  if (DENIED.includes(name)) {
    return { message: 'AWS does not allow it', cause, hint: 'Ask for that permission, or choose another AWS_PROFILE' };
  }
  if (NOT_THERE.includes(name)) {
    const hint = 'Is this the account, region and endpoint the stack was deployed to? Is it still deployed?';
    return {
      message: `a resource that the stack's outputs name does not exist at ${placeOf({}, environment)}`,
      cause,
      hint,
    };
  }
  // Every response of AWS has a request id.
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode;
  if (status !== undefined && error.$metadata?.requestId === undefined) {
    const hint = 'Check AWS_ENDPOINT_URL; for the local cloud: eval "$(make -s env)"';
    return {
      message: `what listens at ${placeOf({}, environment)} is not AWS`,
      cause: `it answered HTTP ${status}`,
      hint,
    };
  }
  return undefined;
}

/** Where the call went, as far as the error tells; else where calls go. */
function placeOf({ address, port, hostname }: Evidence, environment: Surroundings): string {
  if (typeof address === 'string' && typeof port === 'number') {
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  }
  if (typeof hostname === 'string') return hostname;
  return environment['AWS_ENDPOINT_URL'] ?? `AWS in ${environment['AWS_REGION'] ?? 'the region of your profile'}`;
}

function isLocal(place: string): boolean {
  return /^(https?:\/\/)?(localhost|127\.|\[::1\])/.test(place);
}

function messageOf(error: unknown): string {
  const { message } = typeof error === 'object' && error !== null ? (error as Evidence) : { message: error };
  const name = error instanceof Error ? error.name : 'unknown error';
  return oneLine(String(message ?? '')) || name;
}
