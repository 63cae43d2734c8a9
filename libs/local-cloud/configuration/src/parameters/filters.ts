import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import { invalidFilter } from './errors';
import { latestOf, type ParameterRecord } from './model';
import { checkPath, isUnder } from './names';

/** Values of a parameter that a filter looks at. */
const KEYS: Readonly<Record<string, (parameter: ParameterRecord) => readonly string[]>> = {
  DataType: (parameter) => [latestOf(parameter).dataType],
  KeyId: (parameter) => [latestOf(parameter).keyId ?? ''],
  Label: ({ versions }) => versions.flatMap(({ labels }) => labels),
  Name: ({ name }) => [name],
  Tier: (parameter) => [latestOf(parameter).tier],
  Type: (parameter) => [latestOf(parameter).type],
};

/** The keys that an operation takes. Source: API reference, ParameterStringFilter. */
export const PATH_FILTERS: readonly string[] = ['KeyId', 'Label', 'Type'];
export const DESCRIBE_FILTERS: readonly string[] = ['DataType', 'KeyId', 'Name', 'Path', 'Tier', 'Type', 'tag'];

/**
 * The parameters that every filter lets through.
 * @throws AwsError InvalidFilterKey, InvalidFilterOption, InvalidFilterValue
 */
export function filterParameters(
  parameters: readonly ParameterRecord[],
  filters: readonly ParameterStringFilter[] = [],
  keys: readonly string[],
): readonly ParameterRecord[] {
  const tests = filters.map((filter) => testOf(filter, keys));
  return parameters.filter((parameter) => tests.every((test) => test(parameter)));
}

function testOf({ Key = '', Option, Values = [] }: ParameterStringFilter, keys: readonly string[]) {
  const [key = '', tag] = Key.split(/:(.*)/s);
  if (!keys.includes(key) || (key === 'tag') !== (tag !== undefined)) {
    throw invalidFilter(
      'InvalidFilterKey',
      `The following filter key is not valid: ${Key}. Valid filter keys include: [${keys.join(', ')}].`,
    );
  }
  if (Values.length === 0 && key !== 'tag') {
    throw invalidFilter('InvalidFilterValue', `The following filter values are missing: null for filter key ${Key}.`);
  }
  if (key === 'Path') return pathTest(Option ?? 'OneLevel', Values);
  const matches = comparison(key, Option ?? 'Equals');
  return (parameter: ParameterRecord): boolean => {
    if (tag !== undefined) {
      const value = parameter.tags[tag];
      return value !== undefined && (Values.length === 0 || Values.some((wanted) => matches(value, wanted)));
    }
    const values = KEYS[key]?.(parameter) ?? [];
    return Values.some((wanted) => values.some((value) => matches(value, wanted)));
  };
}

function pathTest(option: string, paths: readonly string[]) {
  if (option !== 'OneLevel' && option !== 'Recursive') throw invalidOption(option, ['Recursive', 'OneLevel']);
  paths.forEach(checkPath);
  return ({ name }: ParameterRecord): boolean => paths.some((path) => isUnder(name, path, option === 'Recursive'));
}

/** A name may be written with the slash it begins with, or without. */
function comparison(key: string, option: string): (value: string, wanted: string) => boolean {
  const bare = (text: string): string => (key === 'Name' ? text.replace(/^\//, '') : text);
  if (option === 'Equals') return (value, wanted) => bare(value) === bare(wanted);
  if (option === 'BeginsWith' && key !== 'Label') return (value, wanted) => bare(value).startsWith(bare(wanted));
  if (option === 'Contains' && key === 'Name') return (value, wanted) => value.includes(wanted);
  throw invalidOption(option, key === 'Name' ? ['BeginsWith', 'Contains', 'Equals'] : ['BeginsWith', 'Equals']);
}

function invalidOption(option: string, known: readonly string[]) {
  return invalidFilter(
    'InvalidFilterOption',
    `The following filter option is not valid: ${option}. Valid options include: [${known.join(', ')}].`,
  );
}
