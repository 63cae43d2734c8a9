import { AwsError } from '@outbox/local-cloud-kernel';
import { checkText, validation } from './errors';
import { parameterArn, type Place } from './model';
import { MAX_LEVELS, MAX_NAME } from './limits';

/** How a request names a parameter: perhaps by its ARN, perhaps with a version or a label behind a colon. */
export interface Reference {
  readonly name: string;
  readonly selector: string | undefined;
}

/** Takes a reference apart. Source: user guide, "Working with parameter versions". */
export function readReference(text: string): Reference {
  const [, resource] = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(text) ?? [];
  const [name = '', selector] = (resource ?? text).split(':');
  // Only the ARN of a parameter without a path is written with a slash that isn't the name's.
  const isPath = resource === undefined || name.indexOf('/', 1) > 0;
  return { name: isPath ? name : name.slice(1), selector };
}

/**
 * The names that a reference may mean: of one level, an ARN says as much for `name` as for `/name`.
 */
export function namesOf(text: string): readonly string[] {
  const { name } = readReference(text);
  return text.startsWith('arn:') && !name.startsWith('/') ? [name, `/${name}`] : [name];
}

const NAME_RULES =
  'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';

/** Whether a text is a name: no ARN, and no version or label behind it. */
export function isName(text: string): boolean {
  return !text.includes(':');
}

/**
 * Checks how DeleteParameter names a parameter: it takes no ARN. Source: API reference, DeleteParameter, Name
 * @throws AwsError ValidationException
 */
export function checkIsName(text: string): void {
  if (!isName(text)) throw validation(NAME_RULES);
}

/**
 * Checks the name of a parameter that is made.
 * @throws AwsError as PutParameter refuses it. Source: API reference, PutParameter, Name
 */
export function checkName(place: Place, name: string): void {
  checkText(name, 'name', { most: 2048 });
  if (name.includes('/') && !name.startsWith('/')) {
    throw validation('Parameter name must be a fully qualified name.');
  }
  const [first = ''] = name.replace(/^\//, '').split('/');
  if (/^(aws|ssm)/i.test(first)) {
    throw validation(NAME_RULES);
  }
  if (!/^\/?[\w.-]+(\/[\w.-]+)*$/.test(name)) {
    throw validation(
      'Parameter name must not end with a slash or have empty sub-paths; only letters, numbers and the symbols .-_ are allowed.',
    );
  }
  if (parameterArn(place, name).length > MAX_NAME) {
    throw validation(`Parameter name and its ARN must not have more than ${MAX_NAME} characters.`);
  }
  if (name.replace(/^\//, '').split('/').length > MAX_LEVELS) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${MAX_LEVELS} levels. Use fewer levels in the hierarchy and try again.`,
    );
  }
}

/**
 * Whether a parameter is below a path, at once or at any depth.
 * @param path with or without the slash at its end
 */
export function isUnder(name: string, path: string, recursive: boolean): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`;
  const full = name.startsWith('/') ? name : `/${name}`;
  if (!full.startsWith(folder)) return false;
  return recursive || !full.slice(folder.length).includes('/');
}

/** @throws AwsError ValidationException for what is no path */
export function checkPath(path: string): void {
  if (/^\/([\w.-]+\/?)*$/.test(path)) return;
  throw validation(
    'The parameter path must begin with a slash / and consist of sub-paths divided by a slash: letters, numbers and the symbols .-_',
  );
}
