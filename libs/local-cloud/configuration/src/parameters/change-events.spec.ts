import { specEngine } from '../testing/spec-engine';

describe('what the default bus is told of parameters', () => {
  let cloud: ReturnType<typeof specEngine>;
  beforeEach(() => (cloud = specEngine()));
  afterEach(() => cloud.clock.stop());

  const put = (Name: string, more: object = {}) =>
    cloud.call('ssm', 'PutParameter', { Name, Value: 'secret value', Type: 'String', ...more });
  const details = () => cloud.told.map(({ Detail }) => JSON.parse(Detail ?? '') as object);

  it('is each creation, update, label and deletion, never a value', async () => {
    await put('/shop/url', { Description: 'of the shop' });
    await put('/shop/url', { Overwrite: true });
    await cloud.call('ssm', 'LabelParameterVersion', { Name: '/shop/url', Labels: ['good'] });
    await cloud.call('ssm', 'DeleteParameter', { Name: '/shop/url' });
    const detail = { name: '/shop/url', type: 'String', description: 'of the shop' };
    const operations = ['Create', 'Update', 'LabelParameterVersion', 'Delete'];
    expect(details()).toEqual(operations.map((operation) => ({ operation, ...detail })));
    expect(cloud.told[0]).toMatchObject({
      Source: 'aws.ssm',
      DetailType: 'Parameter Store Change',
      Time: new Date(cloud.clock.now()),
      Resources: ['arn:aws:ssm:us-east-1:000000000000:parameter/shop/url'],
    });
    expect(JSON.stringify(cloud.told)).not.toContain('secret value');
  });

  it('is nothing where nothing changed', async () => {
    await put('p');
    await expect(put('p')).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
    await cloud.call('ssm', 'DeleteParameters', { Names: ['p', 'nowhere'] });
    expect(details()).toEqual([
      { operation: 'Create', name: 'p', type: 'String' },
      { operation: 'Delete', name: 'p', type: 'String' },
    ]);
  });
});
