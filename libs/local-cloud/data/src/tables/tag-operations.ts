import { AwsError, constraintsOf, parseArn, type RequestContext } from '@outbox/local-cloud-kernel';
import { objectsAt, textAt, type Json } from '../proxy/json';
import type { JsonOperations } from '../proxy/operation';
import { validation } from './errors';
import type { Requirements } from './requirements';
import type { TableRecord, TableRecords } from './table-records';

const { checkText } = constraintsOf();

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
        const tags = { ...record.tags, ...tagsOf(body) };
        checkTags(body, Object.keys(tags).length);
        records.put({ ...record, tags });
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

/** Source: DynamoDB API reference, Tag. */
const MAX_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;

/**
 * @param count how many tags the table will have with those of the request
 * @throws AwsError ValidationException
 */
export function checkTags(body: Json, count = Object.keys(tagsOf(body)).length): void {
  for (const [index, tag] of objectsAt(body, 'Tags').entries()) {
    const [key, value] = [textAt(tag, 'Key'), textAt(tag, 'Value')];
    const member = `tags.${index + 1}.member`;
    checkText(key, `${member}.key`, { most: MAX_KEY });
    checkText(value, `${member}.value`, { least: 0, most: MAX_VALUE });
    if (/^aws:/i.test(key)) throw validation(`Tag keys starting with aws: are reserved for AWS: ${key}`);
  }
  if (count > MAX_TAGS) throw validation(`A table has at most ${MAX_TAGS} tags, it would have ${count}`);
}
