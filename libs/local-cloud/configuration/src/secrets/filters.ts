import type { Filter } from '@aws-sdk/client-secrets-manager';
import { checkCount } from './errors';
import type { SecretRecord } from './model';

/** What a filter's value may be the beginning of. Source: API reference, ListSecrets, Filters. */
const TEXTS: Readonly<Record<string, (secret: SecretRecord) => readonly string[]>> = {
  all: ({ description = '', name, tags }) => [name, description, ...Object.keys(tags), ...Object.values(tags)],
  description: ({ description = '' }) => [description],
  name: ({ name }) => [name],
  'owning-service': () => [],
  'primary-region': ({ region }) => [region],
  'tag-key': ({ tags }) => Object.keys(tags),
  'tag-value': ({ tags }) => Object.values(tags),
};

/** Names and tags tell upper case from lower; what everything is searched for doesn't, nor do descriptions. */
const CASELESS: readonly string[] = ['all', 'description'];

/** The secrets that every filter lets through: one of its values is the beginning of a text, or with `!` of none. */
export function filterSecrets(secrets: readonly SecretRecord[], filters: readonly Filter[]): readonly SecretRecord[] {
  checkCount(filters, 'filters', 0, 10);
  return secrets.filter((secret) =>
    filters.every(({ Key = 'all', Values = [] }) => {
      const fold = (text: string): string => (CASELESS.includes(Key) ? text.toLowerCase() : text);
      const texts = (TEXTS[Key]?.(secret) ?? []).flatMap((text) => beginnings(Key, fold(text)));
      return Values.some((value) => {
        const wanted = fold(value.replace(/^!/, ''));
        return texts.some((text) => text.startsWith(wanted)) !== value.startsWith('!');
      });
    }),
  );
}

/** Descriptions and `all` are searched word by word. */
function beginnings(key: string, text: string): readonly string[] {
  return CASELESS.includes(key) ? [text, ...text.split(/[\s/_+=.@-]+/)] : [text];
}
