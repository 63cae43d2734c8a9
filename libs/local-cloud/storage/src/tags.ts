import { MAX_TAG_KEY, MAX_TAG_VALUE, type ListedTag, type Tags } from '@outbox/local-cloud-kernel';
import { invalidRequest, refused } from './errors';

/**
 * Tags off the API. Source: S3 API reference, PutBucketTagging and PutObjectTagging.
 * @throws AwsError InvalidTag or BadRequest for tags that nothing here can have
 */
export function readTags(tags: readonly ListedTag[] | undefined, most: number): Tags {
  const found = new Map<string, string>();
  for (const { Key = '', Value = '' } of tags ?? []) {
    if (Key === '' || Key.length > MAX_TAG_KEY)
      throw refused('InvalidTag', 400, 'The TagKey you have provided is invalid');
    if (Value.length > MAX_TAG_VALUE) throw refused('InvalidTag', 400, 'The TagValue you have provided is invalid');
    if (Key.startsWith('aws:')) throw refused('InvalidTag', 400, 'System tags cannot be added/updated by requester');
    if (found.has(Key)) throw refused('InvalidTag', 400, 'Cannot provide multiple Tags with the same key');
    found.set(Key, Value);
  }
  if (found.size > most) throw refused('BadRequest', 400, `Object tags cannot be greater than ${most}`);
  return Object.fromEntries(found);
}

/** Tags of an object as its header has them: `a=1&b=2`. */
export function readTagHeader(text: string | undefined, most: number): Tags {
  const pairs = [...new URLSearchParams(text ?? '')].map(([Key, Value]) => ({ Key, Value }));
  if (text !== undefined && pairs.length === 0 && text !== '') throw invalidRequest('The tags are not a query string.');
  return readTags(pairs, most);
}
