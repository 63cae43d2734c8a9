import type { Parameter, ParameterStringFilter } from '@aws-sdk/client-ssm';
import { AwsError, pageAt, type RequestContext } from '@outbox/local-cloud-kernel';
import { checkCount, checkNumber, invalidNextToken } from './errors';
import { filterParameters, PATH_FILTERS } from './filters';
import { latestOf, parameterArn } from './model';
import { checkPath, isUnder } from './names';
import type { ParameterOperations } from './parameter-store';
import type { FoundParameter, Parameters } from './parameters';
import { MAX_NAMES } from './limits';

/** Parameters: read. */
export function readOperations(parameters: Parameters): ParameterOperations {
  const describe = async (
    { parameter, version, selector }: FoundParameter,
    decrypt: boolean,
    context: RequestContext,
  ): Promise<Parameter> => ({
    Name: parameter.name,
    Type: version.type,
    Value: await parameters.valueOf(version, decrypt, context),
    Version: version.version,
    ...(selector === undefined ? {} : { Selector: selector }),
    LastModifiedDate: new Date(version.at),
    ARN: parameterArn(parameter, parameter.name),
    DataType: version.dataType,
  });

  return {
    GetParameter: {
      requires: (input, context) => [parameters.requires('GetParameter', context, input.Name ?? '')],
      handle: async (input, context) => {
        const found = parameters.getVersion(context, input.Name ?? '');
        return { Parameter: await describe(found, input.WithDecryption ?? false, context) };
      },
    },
    GetParameters: {
      requires: (input, context) =>
        (input.Names ?? []).map((name) => parameters.requires('GetParameters', context, name)),
      handle: async (input, context) => {
        const names = input.Names ?? [];
        checkCount(names, 'names', 1, MAX_NAMES);
        const found = names.flatMap((name) => versionOrNothing(parameters, context, name));
        const known = new Set(found.map(({ asked }) => asked));
        return {
          Parameters: await Promise.all(found.map((each) => describe(each, input.WithDecryption ?? false, context))),
          InvalidParameters: names.filter((name) => !known.has(name)),
        };
      },
    },
    GetParametersByPath: {
      requires: (input, context) => [
        parameters.requires('GetParametersByPath', context, input.Path ?? '', {
          'ssm:Recursive': String(input.Recursive ?? false),
        }),
      ],
      handle: async (input, context) => {
        const { MaxResults: size = MAX_NAMES, Path: path = '' } = input;
        checkNumber(size, 'maxResults', 1, MAX_NAMES);
        checkPath(path);
        const below = parameters.of(context).filter(({ name }) => isUnder(name, path, input.Recursive ?? false));
        const found = filterParameters(below, input.ParameterFilters, PATH_FILTERS).map((parameter) => {
          const label = labelIn(input.ParameterFilters);
          const labelled = parameter.versions.find(({ labels }) => label !== undefined && labels.includes(label));
          return {
            parameter,
            version: labelled ?? latestOf(parameter),
            selector: labelled && label !== undefined ? `:${label}` : undefined,
          };
        });
        const { items, next } = pageAt(found, input.NextToken, size, invalidNextToken);
        return {
          Parameters: await Promise.all(items.map((each) => describe(each, input.WithDecryption ?? false, context))),
          NextToken: next,
        };
      },
    },
  };
}

function versionOrNothing(
  parameters: Parameters,
  context: RequestContext,
  asked: string,
): (FoundParameter & { readonly asked: string })[] {
  try {
    return [{ ...parameters.getVersion(context, asked), asked }];
  } catch (error) {
    if (error instanceof AwsError && /^Parameter(Version)?NotFound$/.test(error.code)) return [];
    throw error;
  }
}

function labelIn(filters: readonly ParameterStringFilter[] = []): string | undefined {
  return filters.find(({ Key }) => Key === 'Label')?.Values?.[0];
}
