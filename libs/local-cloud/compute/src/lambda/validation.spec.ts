import type {
  CreateEventSourceMappingCommandInput,
  PutFunctionEventInvokeConfigCommandInput,
} from '@aws-sdk/client-lambda';
import { createFunction, startSpecEngine, zip, type SpecEngine } from '../testing/spec-engine';
import { SETTLING_MS } from './describe';

const FunctionName = 'validated';
const CODE = `exports.handler = async () => 1`;
const invalid = {
  code: 'ValidationException',
  message: expect.stringMatching(/^1 validation error detected: Value '/),
};
let spec: SpecEngine;

beforeAll(async () => {
  spec = await startSpecEngine();
  await createFunction(spec, FunctionName, CODE);
  spec.clock.advance(SETTLING_MS);
});
afterAll(() => spec.close());

describe('Lambda, by its API model', () => {
  it.each<[string, object]>([
    ['a description of 257 characters', { Description: 'x'.repeat(257) }],
    ['a handler with a blank', { Handler: 'index handler' }],
    ['two architectures', { Architectures: ['arm64', 'x86_64'] }],
  ])('refuses %s', async (_, options) => {
    await expect(createFunction(spec, 'refused', CODE, options)).rejects.toMatchObject(invalid);
  });

  it('takes options that it does not run when they ask for nothing', async () => {
    const options = { Layers: [], VpcConfig: { SubnetIds: [], SecurityGroupIds: [], Ipv6AllowedForDualStack: false } };
    await createFunction(spec, 'asks-nothing', CODE, options);
    await spec.call('lambda', 'DeleteFunction', { FunctionName: 'asks-nothing' });
    const VpcConfig = { ...options.VpcConfig, SubnetIds: ['subnet-1'] };
    await expect(createFunction(spec, 'refused', CODE, { VpcConfig })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining('the option VpcConfig') as string,
    });
  });

  it('refuses a key for the zip, which it does not encrypt', async () => {
    const Code = { ZipFile: zip(CODE), SourceKMSKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/1' };
    await expect(createFunction(spec, 'refused', CODE, { Code })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining('the option SourceKMSKeyArn') as string,
    });
  });

  it('refuses malformed names and qualifiers', async () => {
    await expect(spec.call('lambda', 'GetFunction', { FunctionName: 'no name' })).rejects.toMatchObject(invalid);
    await expect(spec.call('lambda', 'GetFunction', { FunctionName, Qualifier: 'a b' })).rejects.toMatchObject(invalid);
  });

  it('finds no function whose name is too long, and makes none', async () => {
    const long = 'x'.repeat(65);
    await expect(spec.call('lambda', 'GetFunction', { FunctionName: long })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await expect(createFunction(spec, long, CODE)).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: `1 validation error detected: Value '${long}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    });
    await expect(createFunction(spec, 'a.b', CODE)).rejects.toMatchObject(invalid);
    const Qualifier = 'x'.repeat(129);
    await expect(spec.call('lambda', 'GetFunction', { FunctionName, Qualifier })).rejects.toMatchObject({
      message: `1 validation error detected: Value '${Qualifier}' at 'qualifier' failed to satisfy constraint: Member must have length less than or equal to 128`,
    });
  });

  it.each<Omit<CreateEventSourceMappingCommandInput, 'FunctionName'>>([
    { BatchSize: 0 },
    { MaximumBatchingWindowInSeconds: 301 },
    { ScalingConfig: { MaximumConcurrency: 1 } },
  ])('refuses the mapping %j', async (settings) => {
    const EventSourceArn = 'arn:aws:sqs:us-east-1:000000000000:orders';
    await expect(
      spec.call('lambda', 'CreateEventSourceMapping', { FunctionName, EventSourceArn, ...settings }),
    ).rejects.toMatchObject(invalid);
  });

  it.each<Omit<PutFunctionEventInvokeConfigCommandInput, 'FunctionName'>>([
    { MaximumRetryAttempts: 3 },
    { MaximumEventAgeInSeconds: 59 },
  ])('refuses asynchronous invocations with %j', async (settings) => {
    await expect(
      spec.call('lambda', 'PutFunctionEventInvokeConfig', { FunctionName, ...settings }),
    ).rejects.toMatchObject(invalid);
  });

  it.each([{ StatementId: 'a b' }, { Action: 'invoke' }, { SourceAccount: '1' }, { SourceArn: 'orders' }])(
    'refuses the permission %j',
    async (over) => {
      const permission = { StatementId: 'a', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' };
      await expect(
        spec.call('lambda', 'AddPermission', { FunctionName, ...permission, ...over }),
      ).rejects.toMatchObject(invalid);
    },
  );

  it('refuses pages out of range, and markers no answer gave', async () => {
    await expect(spec.call('lambda', 'ListFunctions', { MaxItems: 10_001 })).rejects.toMatchObject(invalid);
    await expect(spec.call('lambda', 'ListFunctions', { MaxItems: 0 })).rejects.toMatchObject(invalid);
    await expect(spec.call('lambda', 'ListAliases', { FunctionName, Marker: 'next' })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
    expect((await spec.call('lambda', 'ListFunctions', { MaxItems: 10_000 })).Functions).toHaveLength(1);
  });

  it('keeps weights that suit the version, and forgets an alias whole', async () => {
    await spec.call('lambda', 'PublishVersion', { FunctionName });
    await spec.call('lambda', 'UpdateFunctionCode', { FunctionName, ZipFile: zip(`${CODE};`) });
    spec.clock.advance(SETTLING_MS);
    await spec.call('lambda', 'PublishVersion', { FunctionName });
    const alias = { FunctionName, Name: 'live' };
    const RoutingConfig = { AdditionalVersionWeights: { '2': 0.5 } };
    await spec.call('lambda', 'CreateAlias', { ...alias, FunctionVersion: '1', RoutingConfig });
    await expect(spec.call('lambda', 'UpdateAlias', { ...alias, FunctionVersion: '2' })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
    await expect(
      spec.call('lambda', 'CreateAlias', { ...alias, Name: '12', FunctionVersion: '1' }),
    ).rejects.toMatchObject(invalid);

    const Qualifier = 'live';
    await spec.call('lambda', 'AddPermission', {
      FunctionName,
      Qualifier,
      StatementId: 'a',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
    });
    await spec.call('lambda', 'PutFunctionEventInvokeConfig', { FunctionName, Qualifier, MaximumRetryAttempts: 0 });
    await spec.call('lambda', 'DeleteAlias', alias);
    await spec.call('lambda', 'CreateAlias', { ...alias, FunctionVersion: '1' });
    const missing = { code: 'ResourceNotFoundException' };
    await expect(spec.call('lambda', 'GetPolicy', { FunctionName, Qualifier })).rejects.toMatchObject(missing);
    await expect(
      spec.call('lambda', 'GetFunctionEventInvokeConfig', { FunctionName, Qualifier }),
    ).rejects.toMatchObject(missing);
  });
});

describe('what Lambda tells of a function', () => {
  it('is named by the alias it was asked for, and is less in a list', async () => {
    const { Configuration } = await spec.call('lambda', 'GetFunction', { FunctionName, Qualifier: 'live' });
    expect(Configuration).toMatchObject({ Version: '1', FunctionArn: expect.stringMatching(/:validated:live$/) });
    const latest = await spec.call('lambda', 'GetFunctionConfiguration', { FunctionName, Qualifier: '$LATEST' });
    expect(latest.FunctionArn).toMatch(/:validated:\$LATEST$/);

    const [listed] = (await spec.call('lambda', 'ListFunctions', {})).Functions ?? [];
    expect(listed).toMatchObject({ FunctionName, Version: '$LATEST' });
    for (const left of ['State', 'LastUpdateStatus', 'RuntimeVersionConfig']) expect(listed).not.toHaveProperty(left);
  });

  it('has no policy for $LATEST', async () => {
    await expect(
      spec.call('lambda', 'AddPermission', {
        FunctionName,
        Qualifier: '$LATEST',
        StatementId: 'latest',
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
      }),
    ).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
  });
});
