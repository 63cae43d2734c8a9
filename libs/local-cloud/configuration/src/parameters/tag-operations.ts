import {
  AwsError,
  requestTagKeys,
  tagList,
  tagRecord,
  unsupported,
  withoutTags,
  withTags,
  type TagRules,
} from '@outbox/local-cloud-kernel';
import { validation } from './errors';
import type { ParameterRecord, Place } from './model';
import type { ParameterOperations } from './parameter-store';
import type { Parameters } from './parameters';

/** Tags of parameters; SSM tags what else it has by the same operations, which isn't here. */
export function tagOperations(parameters: Parameters): ParameterOperations {
  return {
    AddTagsToResource: {
      requires: (input, context) => [
        parameters.requires(
          'AddTagsToResource',
          context,
          input.ResourceId ?? '',
          requestTagKeys(tagRecord(input.Tags)),
        ),
      ],
      handle: (input, context) => {
        const parameter = find(parameters, context, 'AddTagsToResource', input);
        parameters.put({ ...parameter, tags: withTags(parameter.tags, input.Tags, TAG_RULES) });
        return {};
      },
    },
    ListTagsForResource: {
      requires: (input, context) => [parameters.requires('ListTagsForResource', context, input.ResourceId ?? '')],
      handle: (input, context) => {
        const { tags } = find(parameters, context, 'ListTagsForResource', input);
        return { TagList: tagList(tags) };
      },
    },
    RemoveTagsFromResource: {
      requires: (input, context) => [
        parameters.requires(
          'RemoveTagsFromResource',
          context,
          input.ResourceId ?? '',
          requestTagKeys({}, input.TagKeys),
        ),
      ],
      handle: (input, context) => {
        const parameter = find(parameters, context, 'RemoveTagsFromResource', input);
        parameters.put({ ...parameter, tags: withoutTags(parameter.tags, input.TagKeys) });
        return {};
      },
    },
  };
}

/** What SSM says of tags that no parameter can have. Source: API reference, AddTagsToResource. */
export const TAG_RULES: TagRules = {
  reserved: () => validation('Tag keys that begin with aws: are reserved.'),
  tooMany: (most) => new AwsError('TooManyTagsError', `A parameter can have at most ${most} tags.`),
};

/** @throws AwsError InvalidResourceId */
function find(
  parameters: Parameters,
  place: Place,
  operation: string,
  { ResourceId, ResourceType }: { ResourceId?: string | undefined; ResourceType?: string | undefined },
): ParameterRecord {
  if (ResourceType !== 'Parameter') throw unsupported('ssm', operation, `tags of a ${ResourceType}`);
  const found = parameters.find(place, ResourceId ?? '');
  if (!found)
    throw new AwsError(
      'InvalidResourceId',
      'The resource ID is not valid. Verify that you entered the correct ID and try again.',
    );
  return found;
}
