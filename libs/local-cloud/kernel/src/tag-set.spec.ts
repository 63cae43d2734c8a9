import { AwsError } from './errors';
import { tagList, tagRecord, withoutTags, withTags, type TagRules } from './tag-set';

const rules: TagRules = {
  reserved: (key) => new AwsError('Reserved', key),
  tooMany: (most) => new AwsError('TooMany', String(most)),
};
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));

describe('tags', () => {
  it('are set, replaced and taken away', () => {
    const tags = withTags({ a: '1', b: '2' }, [{ Key: 'b', Value: '3' }, { Key: 'c' }], rules);
    expect(tags).toEqual({ a: '1', b: '3', c: '' });
    expect(withoutTags(tags, ['a', 'x'])).toEqual({ b: '3', c: '' });
    expect(tagRecord(tagList(tags))).toEqual(tags);
    expect([withTags(tags, undefined, rules), withoutTags(tags, undefined)]).toEqual([tags, tags]);
  });

  it('are at most 50, with those that are there already', () => {
    expect(Object.keys(withTags({}, many(50), rules))).toHaveLength(50);
    expect(() => withTags({ a: '1' }, many(50), rules)).toThrow('50');
    expect(() => withTags({ k0: '1' }, many(50), rules)).not.toThrow();
  });

  it.each([
    [{ Key: '' }, "at 'tags.1.member.key' failed to satisfy constraint"],
    [{ Key: 'k'.repeat(129) }, "at 'tags.1.member.key' failed to satisfy constraint"],
    [{ Key: 'k', Value: 'v'.repeat(257) }, "at 'tags.1.member.value' failed to satisfy constraint"],
    [{ Key: 'AWS:x' }, 'AWS:x'],
  ])('can’t be %j', (tag, message) => {
    expect(() => withTags({}, [tag], rules)).toThrow(message);
  });

  it('are refused in the words of the service where it has its own', () => {
    const checkLengths = (_key: string, _value: string, place: number): void => {
      throw new AwsError('Own', `tag ${place}`);
    };
    expect(() => withTags({}, many(1), { ...rules, checkLengths })).toThrow('tag 1');
  });
});
