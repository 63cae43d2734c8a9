import { createHash } from 'node:crypto';
import { createFunction, ROLE, startSpecEngine, zip, type SpecEngine } from '../testing/spec-engine';
import { SETTLING_MS } from './describe';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:orders';
const CODE = `exports.handler = async () => 1`;
let spec: SpecEngine;

beforeAll(async () => {
  spec = await startSpecEngine();
});
afterAll(() => spec.close());

describe('a function', () => {
  it('comes into being as Terraform expects it, and reads back everything', async () => {
    const created = await spec.call('lambda', 'CreateFunction', {
      FunctionName: 'orders',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: ROLE,
      Code: { ZipFile: zip(CODE) },
      Architectures: ['arm64'],
      Environment: { Variables: { TABLE: 't' } },
      Tags: { team: 'a' },
    });
    expect(created).toMatchObject({ State: 'Pending', StateReasonCode: 'Creating', FunctionArn: ARN });
    await expect(spec.call('lambda', 'Invoke', { FunctionName: 'orders' })).rejects.toMatchObject({
      code: 'ResourceConflictException',
    });
    spec.clock.advance(SETTLING_MS);
    const { Configuration, Tags } = await spec.call('lambda', 'GetFunction', { FunctionName: 'orders' });
    expect(Configuration).toEqual({
      FunctionName: 'orders',
      FunctionArn: ARN,
      Runtime: 'nodejs22.x',
      Role: ROLE,
      Handler: 'index.handler',
      CodeSize: zip(CODE).byteLength,
      CodeSha256: createHash('sha256').update(zip(CODE)).digest('base64'),
      Description: '',
      Timeout: 3,
      MemorySize: 128,
      LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      Version: '$LATEST',
      TracingConfig: { Mode: 'PassThrough' },
      RevisionId: expect.any(String),
      State: 'Active',
      LastUpdateStatus: 'Successful',
      PackageType: 'Zip',
      Architectures: ['arm64'],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      RuntimeVersionConfig: { RuntimeVersionArn: expect.stringContaining('arn:aws:lambda:us-east-1::runtime:') },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/orders' },
      Environment: { Variables: { TABLE: 't' } },
    });
    expect(Tags).toEqual({ team: 'a' });
  });

  it('gives a link to its zip that is good for ten minutes, and for nothing else', async () => {
    await createFunction(spec, 'downloaded', CODE);
    const { Code } = await spec.call('lambda', 'GetFunction', { FunctionName: 'downloaded' });
    const link = new URL(Code?.Location ?? '');
    const download = (search: string) => fetch(new URL(search, link));
    expect(Buffer.from(await (await fetch(link)).arrayBuffer())).toEqual(Buffer.from(zip(CODE)));
    expect((await download(link.search.replace(/.$/, 'x'))).status).toBe(403);
    expect((await download(link.search.replace(/Expires=\d+/, 'Expires=9999999999'))).status).toBe(403);
    expect((await download('?')).status).toBe(403);
    spec.clock.advance(601_000);
    expect(await (await fetch(link)).text()).toContain('expired');
    await spec.call('lambda', 'DeleteFunction', { FunctionName: 'downloaded' });
  });

  it('is refused with a role that Lambda can’t assume, reserved variables, values out of range, options not run', async () => {
    const create = (options: object) => createFunction(spec, 'refused', CODE, options);
    await expect(create({ Role: 'arn:aws:iam::000000000000:role/missing' })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
    await expect(create({ Environment: { Variables: { AWS_REGION: 'x' } } })).rejects.toMatchObject({
      message: expect.stringContaining('Reserved keys used in this request: AWS_REGION'),
    });
    await expect(create({ Timeout: 901 })).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(create({ Layers: ['arn'] })).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
    await expect(create({ Code: { ZipFile: Buffer.from('no zip') } })).rejects.toMatchObject({
      message: expect.stringContaining('Could not unzip'),
    });
    await expect(create({ Code: { ZipFile: zip({ '../outside.js': '' }) } })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
  });

  it('has versions that stay as they are, aliases, and refuses changes while it changes', async () => {
    const first = await spec.call('lambda', 'PublishVersion', { FunctionName: 'orders' });
    expect(first).toMatchObject({ Version: '1', FunctionArn: `${ARN}:1` });
    expect((await spec.call('lambda', 'PublishVersion', { FunctionName: 'orders' })).Version).toBe('1');
    await spec.call('lambda', 'UpdateFunctionCode', {
      FunctionName: 'orders',
      ZipFile: zip(`exports.handler = async () => 2`),
    });
    await expect(
      spec.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'orders', Timeout: 9 }),
    ).rejects.toMatchObject({ code: 'ResourceConflictException' });
    spec.clock.advance(SETTLING_MS);
    await spec.call('lambda', 'CreateAlias', { FunctionName: 'orders', Name: 'live', FunctionVersion: '1' });
    const run = async (qualifier?: string) => {
      const { Payload, ExecutedVersion } = await spec.call('lambda', 'Invoke', {
        FunctionName: 'orders',
        Qualifier: qualifier,
      });
      return [ExecutedVersion, Buffer.from(Payload ?? []).toString()];
    };
    expect(await run('live')).toEqual(['1', '1']);
    expect(await run()).toEqual(['$LATEST', '2']);
    await spec.call('lambda', 'PublishVersion', { FunctionName: 'orders' });
    await spec.call('lambda', 'UpdateAlias', {
      FunctionName: 'orders',
      Name: 'live',
      RoutingConfig: { AdditionalVersionWeights: { '2': 1 } },
    });
    expect(await run('live')).toEqual(['2', '2']);
    await expect(
      spec.call('lambda', 'DeleteFunction', { FunctionName: 'orders', Qualifier: '1' }),
    ).rejects.toMatchObject({ code: 'ResourceConflictException' });
    const { Versions } = await spec.call('lambda', 'ListVersionsByFunction', { FunctionName: 'orders' });
    expect(Versions?.map((version) => version.FunctionArn)).toEqual([`${ARN}:$LATEST`, `${ARN}:1`, `${ARN}:2`]);
  });

  it('lists 50 versions at a time, each with its environment and when it was published', async () => {
    await createFunction(spec, 'often', CODE);
    const published = new Map<string | undefined, string | undefined>();
    for (let count = 1; count <= 50; count += 1) {
      const Variables = { COUNT: String(count) };
      await spec.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'often', Environment: { Variables } });
      spec.clock.advance(SETTLING_MS);
      const { Version, LastModified } = await spec.call('lambda', 'PublishVersion', { FunctionName: 'often' });
      published.set(Version, LastModified);
    }
    const all = { FunctionName: 'often', MaxItems: 10_000 };
    const { Versions = [], NextMarker: Marker } = await spec.call('lambda', 'ListVersionsByFunction', all);
    const rest = await spec.call('lambda', 'ListVersionsByFunction', { ...all, Marker });
    expect([Versions.length, rest.Versions?.length, rest.NextMarker]).toEqual([50, 1, undefined]);
    for (const { Version, LastModified, Environment } of [...Versions.slice(1), ...(rest.Versions ?? [])]) {
      expect({ Version, LastModified, Environment }).toEqual({
        Version,
        LastModified: published.get(Version),
        Environment: { Variables: { COUNT: Version } },
      });
    }
  });

  it('keeps permissions as policy statements', async () => {
    const permission = {
      FunctionName: 'orders',
      StatementId: 'api',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:x/*',
    };
    await expect(spec.call('lambda', 'GetPolicy', { FunctionName: 'orders' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await spec.call('lambda', 'AddPermission', permission);
    await expect(spec.call('lambda', 'AddPermission', permission)).rejects.toMatchObject({
      code: 'ResourceConflictException',
    });
    const { Policy } = await spec.call('lambda', 'GetPolicy', { FunctionName: 'orders' });
    expect(JSON.parse(Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [
        {
          Sid: 'api',
          Effect: 'Allow',
          Principal: { Service: 'apigateway.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: ARN,
          Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:execute-api:us-east-1:000000000000:x/*' } },
        },
      ],
    });
    await spec.call('lambda', 'RemovePermission', { FunctionName: 'orders', StatementId: 'api' });
    await expect(spec.call('lambda', 'GetPolicy', { FunctionName: 'orders' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('can be tagged and deleted', async () => {
    await spec.call('lambda', 'TagResource', { Resource: ARN, Tags: { stage: 'dev' } });
    await spec.call('lambda', 'UntagResource', { Resource: ARN, TagKeys: ['team'] });
    expect((await spec.call('lambda', 'ListTags', { Resource: ARN })).Tags).toEqual({ stage: 'dev' });
    await spec.call('lambda', 'DeleteFunction', { FunctionName: 'orders' });
    await expect(spec.call('lambda', 'GetFunction', { FunctionName: 'orders' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
    });
  });
});
