import type { DescribeParametersCommandInput, ParameterMetadata, ParameterStringFilter } from '@aws-sdk/client-ssm';
import { pageAt, refuseOptions } from '@outbox/local-cloud-kernel';
import { checkNumber, invalidNextToken, validation } from './errors';
import { DESCRIBE_FILTERS, filterParameters } from './filters';
import { latestOf, parameterArn, type ParameterRecord, type ParameterVersion } from './model';
import type { ParameterOperations } from './parameter-store';
import type { Parameters } from './parameters';
import { MAX_RESULTS } from './limits';

/** Parameters: described, with the versions they had. */
export function describeOperations(parameters: Parameters): ParameterOperations {
  return {
    DescribeParameters: {
      requires: () => [{ action: 'ssm:DescribeParameters', resource: '*' }],
      handle: (input, context) => {
        refuseOptions('ssm', 'DescribeParameters', input, 'Shared');
        const { MaxResults: size = MAX_RESULTS, NextToken } = input;
        checkNumber(size, 'maxResults', 1, MAX_RESULTS);
        const found = filterParameters(parameters.of(context), filtersOf(input), DESCRIBE_FILTERS);
        const { items, next } = pageAt(found, NextToken, size, invalidNextToken);
        return {
          Parameters: items.map((parameter) => ({
            ...metadataOf(parameter, latestOf(parameter)),
            ARN: parameterArn(parameter, parameter.name),
          })),
          NextToken: next,
        };
      },
    },
    GetParameterHistory: {
      requires: (input, context) => [parameters.requires('GetParameterHistory', context, input.Name ?? '')],
      handle: async (input, context) => {
        const { MaxResults: size = MAX_RESULTS, WithDecryption: decrypt = false } = input;
        checkNumber(size, 'maxResults', 1, MAX_RESULTS);
        const parameter = parameters.get(context, input.Name ?? '');
        const { items, next } = pageAt(parameter.versions, input.NextToken, size, invalidNextToken);
        const Parameters = await Promise.all(
          items.map(async (version) => ({
            ...metadataOf(parameter, version),
            Value: await parameters.valueOf(version, decrypt, context),
            Labels: [...version.labels],
          })),
        );
        return { Parameters, NextToken: next };
      },
    },
  };
}

function metadataOf({ name }: ParameterRecord, version: ParameterVersion): ParameterMetadata {
  return {
    Name: name,
    Type: version.type,
    KeyId: version.keyId,
    LastModifiedDate: new Date(version.at),
    LastModifiedUser: version.by,
    Description: version.description,
    AllowedPattern: version.allowedPattern,
    Version: version.version,
    Tier: version.tier,
    Policies: [],
    DataType: version.dataType,
  };
}

/** The filters of today, or the older ones, whose values are beginnings of names. */
function filtersOf({ Filters = [], ParameterFilters = [] }: DescribeParametersCommandInput): ParameterStringFilter[] {
  if (Filters.length > 0 && ParameterFilters.length > 0) {
    throw validation('You can use either Filters or ParameterFilters in a single request.');
  }
  const older = Filters.map(({ Key, Values }) => ({ Key, Values, Option: Key === 'Name' ? 'BeginsWith' : 'Equals' }));
  return older.length > 0 ? older : ParameterFilters;
}
