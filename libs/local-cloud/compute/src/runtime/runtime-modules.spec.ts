import { createFunction, startSpecEngine, type SpecEngine } from '../testing/spec-engine';
import { invokeFunction } from '../testing/invoke-function';

describe('what a function finds beside its own code', () => {
  let spec: SpecEngine;
  beforeAll(async () => (spec = await startSpecEngine([])));
  afterAll(() => spec.close());

  const answer = async (name: string, files: Readonly<Record<string, string>>) => {
    await createFunction(spec, name, files);
    return (await invokeFunction(spec, name)).body;
  };

  it('is the AWS SDK, by require and by import', async () => {
    const required = `const { SQSClient } = require('@aws-sdk/client-sqs'); exports.handler = async () => SQSClient.name;`;
    expect(await answer('required', { 'index.js': required })).toBe('SQSClient');
    const imported = `import { SQSClient } from '@aws-sdk/client-sqs'; export const handler = async () => SQSClient.name;`;
    expect(await answer('imported', { 'index.mjs': imported })).toBe('SQSClient');
  });

  it('is the function’s own SDK first', async () => {
    const files = {
      'index.mjs': `import { own } from '@aws-sdk/client-sqs'; export const handler = async () => own;`,
      'node_modules/@aws-sdk/client-sqs/package.json': '{"type":"module","exports":"./index.js"}',
      'node_modules/@aws-sdk/client-sqs/index.js': `export const own = 'own';`,
    };
    expect(await answer('own', files)).toBe('own');
  });

  it('is nothing else that happens to be installed', async () => {
    const zod = `require('zod'); exports.handler = async () => 1;`;
    expect(await answer('zod', { 'index.js': zod })).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
    const imported = `import 'zod'; export const handler = async () => 1;`;
    expect(await answer('zod-import', { 'index.mjs': imported })).toMatchObject({
      errorMessage: expect.stringContaining("Cannot find package 'zod'") as unknown,
    });
  });
});
