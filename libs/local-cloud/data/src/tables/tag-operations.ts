import {
  AwsError,
  parseArn,
  tagList,
  withoutTags,
  withTags,
  type ListedTag,
  type RequestContext,
  type Tags,
} from '@outbox/local-cloud-kernel';
import { objectsAt, textAt, type Json } from '../proxy/json';
import type { JsonOperations } from '../proxy/operation';
import { validation } from './errors';
import type { Requirements } from './requirements';
import type { TableRecord, TableRecords } from './table-records';

/** Tags of tables, by the table's ARN. */
export function tagOperations(needs: Requirements, records: TableRecords): JsonOperations {
  const find = (body: Json, context: RequestContext): TableRecord => {
    const arn = textAt(body, 'ResourceArn');
    const { accountId, region, resource } = parseArn(arn);
    const name = /^table\/([^/]+)$/.exec(resource)?.[1];
    const record = name === undefined ? undefined : records.get({ accountId, region }, name);
    if (!record || accountId !== context.accountId) {
      throw new AwsError('ResourceNotFoundException', `Requested resource not found: ResourceArn: ${arn} not found`);
    }
    return record;
  };
  return {
    TagResource: {
      requires: needs.onResource,
      run: async (body, context) => {
        const record = find(body, context);
        records.put({ ...record, tags: taggedBy(body, record.tags) });
        return {};
      },
    },
    UntagResource: {
      requires: needs.onResource,
      run: async (body, context) => {
        const record = find(body, context);
        const keys = Array.isArray(body['TagKeys']) ? body['TagKeys'].map(String) : [];
        records.put({ ...record, tags: withoutTags(record.tags, keys) });
        return {};
      },
    },
    ListTagsOfResource: {
      requires: needs.onResource,
      run: async (body, context) => ({ Tags: tagList(find(body, context).tags) }),
    },
  };
}

/** The `Tags` member, in the shape of the API. */
function tagsIn(body: Json): readonly ListedTag[] {
  return objectsAt(body, 'Tags').map((tag) => ({ Key: textAt(tag, 'Key'), Value: textAt(tag, 'Value') }));
}

/**
 * `current` with the tags of the request. Source: DynamoDB API reference, Tag.
 * @throws AwsError ValidationException for tags that no table can have
 */
export function taggedBy(body: Json, current: Tags = {}): Tags {
  return withTags(current, tagsIn(body), {
    reserved: (key) => validation(`Tag keys starting with aws: are reserved for AWS: ${key}`),
    tooMany: (most) => validation(`A table has at most ${most} tags`),
  });
}
