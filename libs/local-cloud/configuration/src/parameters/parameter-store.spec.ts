import type { InputOf } from '@outbox/local-cloud-kernel';
import { specEngine } from '../testing/spec-engine';

type Put = InputOf<'ssm', 'PutParameter'>;

const ARN = 'arn:aws:ssm:us-east-1:000000000000:parameter';

describe('Parameter Store', () => {
  let cloud: ReturnType<typeof specEngine>;
  beforeEach(() => (cloud = specEngine()));
  afterEach(() => cloud.clock.stop());

  const put = (Name: string, Value: string, more: Partial<Put> = {}) =>
    cloud.call('ssm', 'PutParameter', { Name, Value, Type: 'String', ...more });
  const get = async (Name: string, WithDecryption = false) =>
    (await cloud.call('ssm', 'GetParameter', { Name, WithDecryption })).Parameter;
  const described = async (name: string) =>
    (
      await cloud.call('ssm', 'DescribeParameters', {
        ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }],
      })
    ).Parameters?.[0];

  it('keeps a parameter, which is found by its name and by its ARN', async () => {
    expect(await put('/shop/url', 'https://a.example')).toEqual({ Version: 1, Tier: 'Standard' });
    await put('plain', 'x');
    expect(await get('/shop/url')).toEqual({
      Name: '/shop/url',
      Type: 'String',
      Value: 'https://a.example',
      Version: 1,
      LastModifiedDate: new Date(cloud.clock.now()),
      ARN: `${ARN}/shop/url`,
      DataType: 'text',
    });
    expect((await get(`${ARN}/shop/url`))?.Value).toBe('https://a.example');
    expect((await get(`${ARN}/plain`))?.Value).toBe('x');
    await expect(get(`${ARN.replace('us-east-1', 'eu-west-1')}/plain`)).rejects.toMatchObject({
      code: 'ParameterNotFound',
    });
    expect(cloud.asked.map(({ requirement: { action, resource } }) => `${action} ${resource}`)).toContain(
      `ssm:GetParameter ${ARN}/shop/url`,
    );
  });

  it('gives a parameter further versions when told to overwrite it, and keeps what isn’t said', async () => {
    await put('p', 'one', { Description: 'of the shop', AllowedPattern: '[a-z]+' });
    await expect(put('p', 'two')).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
    expect(await cloud.call('ssm', 'PutParameter', { Name: 'p', Value: 'two', Overwrite: true })).toMatchObject({
      Version: 2,
    });
    await expect(put('p', '3', { Overwrite: true })).rejects.toMatchObject({
      code: 'ParameterPatternMismatchException',
    });
    expect(await described('p')).toMatchObject({ Description: 'of the shop', Version: 2, Type: 'String' });
    expect(await get('p:1')).toMatchObject({ Value: 'one', Selector: ':1' });
    await expect(get('p:3')).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
    await cloud.call('ssm', 'LabelParameterVersion', { Name: 'p', ParameterVersion: 1, Labels: ['good', '1st'] });
    expect(await get('p:good')).toMatchObject({ Value: 'one', Selector: ':good' });
    const { Parameters = [] } = await cloud.call('ssm', 'GetParameterHistory', { Name: 'p' });
    expect(Parameters.map(({ Version, Value, Labels }) => [Version, Value, Labels])).toEqual([
      [1, 'one', ['good']],
      [2, 'two', []],
    ]);
  });

  it('keeps a hundred versions, and refuses one more while the oldest has a label', async () => {
    for (let at = 1; at <= 101; at += 1) await put('p', `v${at}`, { Overwrite: true });
    await expect(get('p:1')).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
    await cloud.call('ssm', 'LabelParameterVersion', { Name: 'p', ParameterVersion: 2, Labels: ['kept'] });
    await expect(put('p', 'more', { Overwrite: true })).rejects.toMatchObject({
      code: 'ParameterMaxVersionLimitExceeded',
    });
  });

  it('keeps a SecureString under its key, and shows its value only to those who ask for it', async () => {
    await put('/shop/token', 's3cret', { Type: 'SecureString', KeyId: 'alias/shop' });
    const asked = () => cloud.asked.map(({ requirement }) => requirement);
    expect(asked()).toContainEqual(expect.objectContaining({ action: 'kms:Encrypt', resource: 'alias/shop' }));
    expect(cloud.store.find('s3cret')).toEqual({});
    expect((await get('/shop/token'))?.Value).not.toContain('s3cret');
    expect(asked()).not.toContainEqual(expect.objectContaining({ action: 'kms:Decrypt' }));
    expect((await get('/shop/token', true))?.Value).toBe('s3cret');
    expect(await described('/shop/token')).toMatchObject({ KeyId: 'alias/shop', Type: 'SecureString' });
    await put('own', 'x', { Type: 'SecureString' });
    expect(await described('own')).toMatchObject({ KeyId: 'alias/aws/ssm' });
    const disabled = put('off', 'x', { Type: 'SecureString', KeyId: 'disabled' });
    await expect(disabled).rejects.toMatchObject({ code: 'InvalidKeyId' });
  });

  it('lists what is below a path, at once or at any depth, page by page', async () => {
    for (const name of ['/a/b', '/a/c/d', '/a/c/e', '/ab', 'a']) await put(name, name);
    const below = async (Path: string, Recursive = false, MaxResults = 10) => {
      const names: (string | undefined)[] = [];
      let NextToken: string | undefined;
      do {
        const page = await cloud.call('ssm', 'GetParametersByPath', { Path, Recursive, MaxResults, NextToken });
        names.push(...(page.Parameters ?? []).map(({ Name }) => Name));
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      return names;
    };
    expect(await below('/a')).toEqual(['/a/b']);
    expect(await below('/a/', true, 2)).toEqual(['/a/b', '/a/c/d', '/a/c/e']);
    expect(await below('/')).toEqual(['/ab', 'a']);
    await expect(below('a')).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(below('/a', false, 11)).rejects.toMatchObject({ code: 'ValidationException' });
    const secure = cloud.call('ssm', 'GetParametersByPath', {
      Path: '/a',
      Recursive: true,
      ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }],
    });
    expect((await secure).Parameters).toEqual([]);
    const tier = [{ Key: 'Tier', Values: ['Standard'] }];
    await expect(
      cloud.call('ssm', 'GetParametersByPath', { Path: '/a', ParameterFilters: tier }),
    ).rejects.toMatchObject({ code: 'InvalidFilterKey' });
  });

  it('finds parameters by name, path and tag', async () => {
    await put('/a/one', '1', { Tags: [{ Key: 'team', Value: 'x' }] });
    await put('/a/b/two', '2');
    const found = async (...ParameterFilters: { Key: string; Option?: string; Values?: string[] }[]) =>
      (await cloud.call('ssm', 'DescribeParameters', { ParameterFilters })).Parameters?.map(({ Name }) => Name);
    expect(await found({ Key: 'Name', Option: 'Contains', Values: ['two'] })).toEqual(['/a/b/two']);
    expect(await found({ Key: 'Name', Option: 'BeginsWith', Values: ['/a/o'] })).toEqual(['/a/one']);
    expect(await found({ Key: 'Path', Option: 'Recursive', Values: ['/a'] })).toEqual(['/a/b/two', '/a/one']);
    expect(await found({ Key: 'tag:team', Values: ['x'] })).toEqual(['/a/one']);
    await expect(found({ Key: 'Name', Option: 'EndsWith', Values: ['x'] })).rejects.toMatchObject({
      code: 'InvalidFilterOption',
    });
  });

  it('reads and deletes several at once, and says which aren’t there', async () => {
    await put('a', '1');
    await put('b', '2');
    const read = await cloud.call('ssm', 'GetParameters', { Names: ['b', 'a:1', 'c', 'a:9'] });
    expect(read.Parameters?.map(({ Value }) => Value)).toEqual(['2', '1']);
    expect(read.InvalidParameters).toEqual(['c', 'a:9']);
    expect(await cloud.call('ssm', 'DeleteParameters', { Names: ['a', 'c'] })).toEqual({
      DeletedParameters: ['a'],
      InvalidParameters: ['c'],
    });
    await cloud.call('ssm', 'DeleteParameter', { Name: 'b' });
    await expect(cloud.call('ssm', 'DeleteParameter', { Name: 'b' })).rejects.toMatchObject({
      code: 'ParameterNotFound',
    });
  });

  it.each([`${ARN}/p`, 'p:1'])('deletes by name alone: not %s', async (reference) => {
    await put('p', 'x');
    await expect(cloud.call('ssm', 'DeleteParameter', { Name: reference })).rejects.toMatchObject({
      code: 'ValidationException',
    });
    expect(await cloud.call('ssm', 'DeleteParameters', { Names: [reference] })).toEqual({
      DeletedParameters: [],
      InvalidParameters: [reference],
    });
    expect((await cloud.call('ssm', 'GetParameter', { Name: 'p' })).Parameter?.Value).toBe('x');
  });

  it('tags parameters', async () => {
    await put('p', 'x', { Tags: [{ Key: 'a', Value: '1' }] });
    const of = { ResourceType: 'Parameter', ResourceId: 'p' } as const;
    await cloud.call('ssm', 'AddTagsToResource', { ...of, Tags: [{ Key: 'b', Value: '2' }] });
    await cloud.call('ssm', 'RemoveTagsFromResource', { ...of, TagKeys: ['a'] });
    expect((await cloud.call('ssm', 'ListTagsForResource', of)).TagList).toEqual([{ Key: 'b', Value: '2' }]);
    expect(cloud.asked.map(({ requirement }) => requirement)).toContainEqual(
      expect.objectContaining({ action: 'ssm:AddTagsToResource', resource: `${ARN}/p` }),
    );
  });

  it.each<[string, Partial<Put>, string, string]>([
    ['no path', { Name: 'a/b' }, 'ValidationException', 'fully qualified'],
    ['a name of AWS', { Name: '/aws/x' }, 'ValidationException', "can't be prefixed"],
    ['a space', { Name: 'a b' }, 'ValidationException', 'only letters'],
    ['16 levels', { Name: '/a'.repeat(16) }, 'HierarchyLevelLimitExceededException', '15 levels'],
    ['no value', { Value: '' }, 'ValidationException', 'length greater than or equal to 1'],
    ['too much of it', { Value: 'x'.repeat(4097) }, 'ValidationException', '4096 characters'],
    ['too much even so', { Value: 'x'.repeat(8193), Tier: 'Advanced' }, 'ValidationException', '8192 characters'],
    ['no type', { Type: undefined }, 'ValidationException', 'type is required'],
    ['a key of a String', { KeyId: 'k' }, 'ValidationException', 'SecureString'],
    ['tags of what is there', { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] }, 'ValidationException', 'together'],
    ['a pattern that is none', { AllowedPattern: '(' }, 'InvalidAllowedPatternException', 'regular expression'],
    ['policies', { Policies: '[{}]' }, 'UnsupportedOperation', 'Policies'],
    ['an image', { DataType: 'aws:ec2:image' }, 'UnsupportedOperation', 'the data type aws:ec2:image'],
    ['a long secret', { Type: 'SecureString', Tier: 'Advanced' }, 'UnsupportedOperation', 'tier Advanced'],
  ])('refuses %s', async (_, more, code, message) => {
    await expect(put('p', 'x', more)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as unknown,
    });
  });

  it('makes a parameter Advanced where that is asked for or needed, and never less again', async () => {
    expect(await put('p', 'x'.repeat(5000), { Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Advanced' });
    expect(await put('p', 'x', { Overwrite: true })).toMatchObject({ Tier: 'Advanced' });
    await expect(put('p', 'x', { Overwrite: true, Tier: 'Standard' })).rejects.toThrow("can't downgrade");
  });
});
