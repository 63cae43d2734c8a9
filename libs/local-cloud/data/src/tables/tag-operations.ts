import { AwsError, parseArn, type RequestContext } from '@outbox/local-cloud-kernel';
import { objectsAt, textAt, type Json } from '../proxy/json';
import type { JsonOperations } from '../proxy/operation';
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
        records.put({ ...record, tags: { ...record.tags, ...tagsOf(body) } });
        return {};
      },
    },
    UntagResource: {
      requires: needs.onResource,
      run: async (body, context) => {
        const record = find(body, context);
        const keys: readonly unknown[] = Array.isArray(body['TagKeys']) ? body['TagKeys'] : [];
        const tags = Object.entries(record.tags).filter(([key]) => !keys.includes(key));
        records.put({ ...record, tags: Object.fromEntries(tags) });
        return {};
      },
    },
    ListTagsOfResource: {
      requires: needs.onResource,
      run: async (body, context) => ({
        Tags: Object.entries(find(body, context).tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
  };
}

/** The `Tags` member as a map. */
export function tagsOf(body: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(objectsAt(body, 'Tags').map((tag) => [textAt(tag, 'Key'), textAt(tag, 'Value')]));
}
