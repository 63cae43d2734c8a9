import { withoutTags, type Tags } from '@outbox/local-cloud-kernel';
import { parseFunctionName } from '../names';
import type { LambdaOperations } from '../operation';
import type { LambdaParts } from '../parts';
import type { Mappings } from '../mapping/mappings';

/** Tags of functions and of event source mappings, by ARN. */
export function tagOperations({ functions }: LambdaParts, mappings: Mappings): LambdaOperations {
  function change(
    resource: string | undefined,
    context: { accountId: string; region: string },
    next: (tags: Tags) => Tags,
  ): Tags {
    const mappingId = /:event-source-mapping:(.+)$/.exec(resource ?? '')?.[1];
    if (mappingId !== undefined) {
      const mapping = mappings.get(mappingId, context);
      const tags = next(mapping.tags);
      if (tags !== mapping.tags) mappings.save({ ...mapping, tags });
      return tags;
    }
    const record = functions.get(parseFunctionName(resource, context));
    const tags = next(record.tags);
    if (tags !== record.tags) functions.save({ ...record, tags });
    return tags;
  }

  return {
    ListTags: {
      requires: (input) => [{ action: 'lambda:ListTags', resource: input.Resource ?? '' }],
      handle: (input, context) => ({ Tags: { ...change(input.Resource, context, (tags) => tags) } }),
    },
    TagResource: {
      requires: (input) => [{ action: 'lambda:TagResource', resource: input.Resource ?? '' }],
      handle: (input, context) => {
        change(input.Resource, context, (tags) => ({ ...tags, ...input.Tags }));
        return {};
      },
    },
    UntagResource: {
      requires: (input) => [{ action: 'lambda:UntagResource', resource: input.Resource ?? '' }],
      handle: (input, context) => {
        change(input.Resource, context, (tags) => withoutTags(tags, input.TagKeys));
        return {};
      },
    },
  };
}
