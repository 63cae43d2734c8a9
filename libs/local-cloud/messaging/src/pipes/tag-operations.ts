import { withoutTags, type Service } from '@outbox/local-cloud-kernel';
import { checkedTags } from './pipe-constraints';
import type { PipeStore } from './pipe-store';

/** Tags of pipes. */
export function tagOperations(store: PipeStore): Service<'pipes'>['operations'] {
  return {
    ListTagsForResource: {
      requires: (input) => [{ action: 'pipes:ListTagsForResource', resource: input.resourceArn ?? '' }],
      handle: (input) => ({ tags: { ...store.get(input.resourceArn ?? '', input.resourceArn ?? '').tags } }),
    },
    TagResource: {
      requires: (input) => [{ action: 'pipes:TagResource', resource: input.resourceArn ?? '' }],
      handle: (input) => {
        const pipe = store.get(input.resourceArn ?? '', input.resourceArn ?? '');
        store.change(pipe.arn, { tags: checkedTags(input.tags, pipe.tags) });
        return {};
      },
    },
    UntagResource: {
      requires: (input) => [{ action: 'pipes:UntagResource', resource: input.resourceArn ?? '' }],
      handle: (input) => {
        const pipe = store.get(input.resourceArn ?? '', input.resourceArn ?? '');
        store.change(pipe.arn, { tags: withoutTags(pipe.tags, input.tagKeys) });
        return {};
      },
    },
  };
}
