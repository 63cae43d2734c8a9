import { formatArn } from '@outbox/local-cloud-kernel';
import { checkText, constraint } from './constraints';
import { invalidParameter, notFound } from './errors';

/** A function as a request names it: which account's, which region's, and at which version or alias. */
export interface FunctionName {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  /** Version number, `$LATEST` or alias; undefined = unqualified. */
  readonly qualifier: string | undefined;
}

/** As AWS's own refusals quote them; a name may be longer than any function's, and is not found then. */
const FUNCTION_NAME =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?';
const QUALIFIER = '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+';
const FORMS = [
  /^arn:aws[a-z-]*:lambda:(?<region>[a-z0-9-]+):(?<account>\d{12}):function:(?<name>[^:]+)(:(?<qualifier>.+))?$/,
  /^(?<account>\d{12}):function:(?<name>[^:]+)(:(?<qualifier>.+))?$/,
  /^function:(?<name>[^:]+)(:(?<qualifier>.+))?$/,
  /^(?<name>[^:]+)(:(?<qualifier>.+))?$/,
];

/**
 * Reads every form AWS takes: name, `name:qualifier`, partial ARN, full ARN.
 * @throws AwsError `ValidationException` for a malformed name, `InvalidParameterValueException` for two qualifiers,
 *   `ResourceNotFoundException` for another region's function.
 * Source: Lambda API reference, FunctionName of Invoke.
 */
export function parseFunctionName(
  text: string | undefined,
  home: { readonly accountId: string; readonly region: string },
  qualifier?: string,
): FunctionName {
  checkText(text ?? '', 'functionName', { pattern: FUNCTION_NAME });
  checkText(qualifier, 'qualifier', { most: 128, pattern: QUALIFIER });
  const groups = FORMS.map((form) => form.exec(text ?? '')?.groups).find((found) => found !== undefined);
  const name = groups?.['name'];
  const written = groups?.['qualifier'];
  if (name === undefined) {
    throw constraint(text, 'functionName', `Member must satisfy regular expression pattern: ${FUNCTION_NAME}`);
  }
  if (qualifier !== undefined && written !== undefined && qualifier !== written) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  const region = groups?.['region'] ?? home.region;
  if (region !== home.region)
    throw notFound(`Functions from '${region}' are not reachable in this region ('${home.region}')`);
  return { accountId: groups?.['account'] ?? home.accountId, region, name, qualifier: qualifier ?? written };
}

/** The function's ARN, qualified when `qualifier` is given. */
export function functionArn(at: { accountId: string; region: string; name: string }, qualifier?: string): string {
  const suffix = qualifier === undefined ? '' : `:${qualifier}`;
  return formatArn('lambda', at.region, at.accountId, `function:${at.name}${suffix}`);
}

/** Key of a function in the engine's tables. */
export function functionKey(at: { accountId: string; region: string; name: string }): string {
  return `${at.accountId}/${at.region}/${at.name}`;
}
