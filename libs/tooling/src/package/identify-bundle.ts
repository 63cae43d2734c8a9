import { createHash } from 'node:crypto';

/** A function's bundle under a name of its own. */
export interface IdentifiedBundle {
  /** `<app>-<hash>.js`: what stack traces call the bundle. Its source map is `<name>.map`. */
  readonly name: string;
  readonly code: Uint8Array;
}

/** As many digits as `outboxctl source-lines` looks for. */
const HASH_DIGITS = 12;

/**
 * Names a bundle by its content, so that each frame of a stack trace says which build it comes from, and no source map of
 * another build is taken for it. V8 shows what a `sourceURL` comment says instead of the file's path; at the end it moves
 * no position.
 */
export function identifyBundle(app: string, code: Uint8Array): IdentifiedBundle {
  const hash = createHash('sha256').update(code).digest('hex').slice(0, HASH_DIGITS);
  const name = `${app}-${hash}.js`;
  return { name, code: Buffer.concat([code, Buffer.from(`//# sourceURL=${name}\n`)]) };
}
