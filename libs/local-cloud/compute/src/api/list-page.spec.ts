import { startSpecEngine, type SpecEngine } from '../testing/spec-engine';

let spec: SpecEngine;

beforeAll(async () => {
  spec = await startSpecEngine();
  for (const Name of ['a', 'b', 'c']) await spec.call('apigatewayv2', 'CreateApi', { Name, ProtocolType: 'HTTP' });
});
afterAll(() => spec.close());

describe('lists of API Gateway', () => {
  it('come in pages', async () => {
    const first = await spec.call('apigatewayv2', 'GetApis', { MaxResults: '2' });
    const rest = await spec.call('apigatewayv2', 'GetApis', { MaxResults: '2', NextToken: first.NextToken });
    expect([first, rest].map(({ Items }) => Items?.length)).toEqual([2, 1]);
    expect(rest.NextToken).toBeUndefined();
  });

  it.each([{ MaxResults: '0' }, { MaxResults: 'all' }, { NextToken: 'next' }])('are refused with %j', async (input) => {
    await expect(spec.call('apigatewayv2', 'GetApis', input)).rejects.toMatchObject({
      code: 'BadRequestException',
      status: 400,
    });
  });
});

describe('an API', () => {
  it.each([{ Name: 'x'.repeat(129) }, { Description: 'x'.repeat(1025) }, { Version: 'x'.repeat(65) }])(
    'is refused with texts that are too long',
    async (over) => {
      await expect(
        spec.call('apigatewayv2', 'CreateApi', { Name: 'long', ProtocolType: 'HTTP', ...over }),
      ).rejects.toMatchObject({ code: 'BadRequestException' });
      const [api] = (await spec.call('apigatewayv2', 'GetApis', {})).Items ?? [];
      await expect(spec.call('apigatewayv2', 'UpdateApi', { ApiId: api?.ApiId ?? '', ...over })).rejects.toMatchObject({
        code: 'BadRequestException',
      });
    },
  );
});
