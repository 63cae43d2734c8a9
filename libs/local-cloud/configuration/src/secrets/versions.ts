import { exists, invalidParameter, invalidRequest } from './errors';
import { CURRENT, PREVIOUS, type SecretRecord, type SecretValue, type SecretVersion } from './model';
import { MAX_BYTES, MAX_VERSIONS } from './limits';

/** How a request gives a value. */
export interface GivenValue {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/**
 * The value a request brings; undefined where it brings none.
 * @throws AwsError InvalidParameterException for two, and for one that is too long
 */
export function valueOf({ SecretBinary, SecretString }: GivenValue): SecretValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const size = SecretBinary?.byteLength ?? Buffer.byteLength(SecretString ?? '');
  if (size > MAX_BYTES) throw invalidParameter(`The secret value is longer than ${MAX_BYTES} bytes.`);
  if (SecretBinary !== undefined) return { kind: 'binary', base64: Buffer.from(SecretBinary).toString('base64') };
  return SecretString === undefined ? undefined : { kind: 'text', text: SecretString };
}

/** As an answer gives it. */
export function givenOf(value: SecretValue): GivenValue {
  return value.kind === 'text'
    ? { SecretString: value.text }
    : { SecretBinary: new Uint8Array(Buffer.from(value.base64, 'base64')) };
}

/** @throws AwsError unless it can be the id of a version. Source: API reference, PutSecretValue, ClientRequestToken */
export function checkToken(token: string | undefined): void {
  if (token !== undefined && (token.length < 32 || token.length > 64)) {
    throw invalidParameter('ClientRequestToken must be 32-64 characters long.');
  }
}

/**
 * The version that a repeated request made; undefined for a new one.
 * @throws AwsError ResourceExistsException where the request differs from the first
 */
export function repeated(
  secret: SecretRecord,
  token: string | undefined,
  value: SecretValue,
): SecretVersion | undefined {
  const known = secret.versions.find(({ id }) => id === token);
  if (!known) return undefined;
  if (JSON.stringify(known.value) === JSON.stringify(value)) return known;
  throw exists(
    "You can't use ClientRequestToken with different secret data for the same version: a version can't be changed once it is made.",
  );
}

/** The secret with one more version, whose stages leave the versions that had them. */
export function withVersion(secret: SecretRecord, version: SecretVersion, at: number): SecretRecord {
  const versions = [...secret.versions, { ...version, stages: [] }];
  const moved = version.stages.reduce(
    (all, stage) => moveStage(all, stage, version.id),
    versions as readonly SecretVersion[],
  );
  const deprecated = moved.filter(({ stages }) => stages.length === 0);
  const gone = new Set(deprecated.slice(0, Math.max(0, deprecated.length - MAX_VERSIONS)));
  return { ...secret, versions: moved.filter((each) => !gone.has(each)), changedAt: at };
}

/**
 * Gives a stage to one version, or to none. The version that loses AWSCURRENT becomes AWSPREVIOUS.
 * Source: API reference, UpdateSecretVersionStage.
 */
export function moveStage(
  versions: readonly SecretVersion[],
  stage: string,
  to: string | undefined,
): readonly SecretVersion[] {
  const before = versions.find(({ stages }) => stages.includes(stage));
  if (before?.id === to) return versions;
  const moved = versions.map((version) => {
    const stages = version.stages.filter((each) => each !== stage);
    return { ...version, stages: version.id === to ? [...stages, stage] : stages };
  });
  return stage === CURRENT && before ? moveStage(moved, PREVIOUS, before.id) : moved;
}

/** @throws AwsError where the value is missing that a version needs */
export function required(value: SecretValue | undefined): SecretValue {
  if (value) return value;
  throw invalidRequest('You must provide either SecretString or SecretBinary.');
}
