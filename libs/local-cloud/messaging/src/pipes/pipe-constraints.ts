import type { CreatePipeRequest, ListPipesRequest } from '@aws-sdk/client-pipes';
import { MAX_TAG_KEY, MAX_TAG_VALUE, MAX_TAGS, tagList, withTags, type Tags } from '@outbox/local-cloud-kernel';
import { checkCount, checkText } from '../shared/constraints';
import { invalid } from './errors';

/** Patterns, lengths and values: EventBridge Pipes API reference, the parameters of each operation. */
const NAME = { most: 64, pattern: '[\\.\\-_A-Za-z0-9]+' };
const KEY = { least: 0, most: 2048, pattern: '[a-zA-Z0-9_\\-/:]*' };

/** @throws AwsError ValidationException */
export function checkName(name: string | undefined): void {
  checkText(name ?? '', 'name', NAME);
}

type Settings = Pick<CreatePipeRequest, 'Description' | 'KmsKeyIdentifier'>;

/** What the API model says of a pipe's texts. @throws AwsError ValidationException */
export function checkSettings(input: Settings): void {
  checkText(input.Description, 'description', { least: 0, most: 512 });
  checkText(input.KmsKeyIdentifier, 'kmsKeyIdentifier', KEY);
}

/** What a listing is chosen by. @throws AwsError ValidationException */
export function checkChoice(input: ListPipesRequest): void {
  checkText(input.NamePrefix, 'namePrefix', NAME);
  checkText(input.SourcePrefix, 'sourcePrefix', { most: 1600 });
  checkText(input.TargetPrefix, 'targetPrefix', { most: 1600 });
}

/** The tags of a pipe after a request adds some to those it has. @throws AwsError ValidationException */
export function checkedTags(added: Tags | undefined, known: Tags = {}): Tags {
  checkCount(added && Object.keys(added), 'tags', 1, MAX_TAGS);
  return withTags(known, tagList(added), {
    checkLengths: (key, value) => {
      checkText(key, 'tags', { most: MAX_TAG_KEY });
      checkText(value, `tags.${key}.member`, { least: 0, most: MAX_TAG_VALUE });
    },
    reserved: (key) => invalid('tags', `Tag key ${key} must not start with "aws:": AWS keeps such keys.`),
    tooMany: (most) => invalid('tags', `A pipe has at most ${most} tags.`),
  });
}
