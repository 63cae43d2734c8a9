import { invokeFunction } from '../../testing/invoke-function';
import { createFunction, startSpecEngine, zip, type SpecEngine } from '../../testing/spec-engine';
import { SETTLING_MS } from '../describe';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:layer:';

describe('layers', () => {
  let spec: SpecEngine;
  beforeAll(async () => (spec = await startSpecEngine()));
  afterAll(() => spec.close());

  const publish = (LayerName: string, files: Readonly<Record<string, string>>, more: object = {}) =>
    spec.call('lambda', 'PublishLayerVersion', { LayerName, Content: { ZipFile: zip(files) }, ...more });
  const module_ = (name: string, value: string) => ({
    [`nodejs/node_modules/${name}/index.js`]: `exports.value = '${value}';`,
  });
  const uses = (name: string) => `exports.handler = async () => require('${name}').value;`;
  const answer = async (name: string) => (await invokeFunction(spec, name)).body;

  it('are versions of modules that functions find, by require and by import', async () => {
    const made = await publish('shared', module_('shared', 'one'), { CompatibleRuntimes: ['nodejs22.x'] });
    expect(made).toMatchObject({ LayerArn: `${ARN}shared`, LayerVersionArn: `${ARN}shared:1`, Version: 1 });
    await createFunction(spec, 'required', uses('shared'), { Layers: [`${ARN}shared:1`] });
    expect(await answer('required')).toBe('one');
    expect(spec.asked).toContainEqual(
      expect.objectContaining({ requirement: { action: 'lambda:GetLayerVersion', resource: `${ARN}shared:1` } }),
    );
    const imported = { 'index.mjs': `import shared from 'shared'; export const handler = async () => shared.value;` };
    await createFunction(spec, 'imported', imported, { Layers: [`${ARN}shared:1`] });
    expect(await answer('imported')).toBe('one');
    const { Layers } = await spec.call('lambda', 'GetFunctionConfiguration', { FunctionName: 'required' });
    expect(Layers).toEqual([{ Arn: `${ARN}shared:1`, CodeSize: made.Content?.CodeSize }]);
  });

  it('go before earlier ones, and before the AWS SDK of the runtime', async () => {
    await publish('first', module_('both', 'first'));
    await publish('second', { ...module_('both', 'second'), ...module_('@aws-sdk/client-sqs', 'layer') });
    const Layers = [`${ARN}first:1`, `${ARN}second:1`];
    await createFunction(spec, 'both', uses('both'), { Layers });
    expect(await answer('both')).toBe('second');
    await createFunction(spec, 'sdk', uses('@aws-sdk/client-sqs'), { Layers });
    expect(await answer('sdk')).toBe('layer');
  });

  it('stay with the functions that have them when they are deleted, and leave with a change', async () => {
    await publish('gone', module_('gone', 'still there'));
    await createFunction(spec, 'keeper', uses('gone'), { Layers: [`${ARN}gone:1`] });
    await spec.call('lambda', 'DeleteLayerVersion', { LayerName: 'gone', VersionNumber: 1 });
    const read = spec.call('lambda', 'GetLayerVersion', { LayerName: 'gone', VersionNumber: 1 });
    await expect(read).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await spec.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'keeper', Timeout: 5 });
    spec.clock.advance(SETTLING_MS);
    expect(await answer('keeper')).toBe('still there');
    await spec.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'keeper', Layers: [] });
    spec.clock.advance(SETTLING_MS);
    expect(await answer('keeper')).toMatchObject({
      errorMessage: expect.stringContaining("Cannot find module 'gone'") as unknown,
    });
    expect(await publish('gone', module_('gone', 'anew'))).toMatchObject({ Version: 2 });
  });

  it('are listed by what they are for, the newest version first', async () => {
    const runtimes = (CompatibleRuntimes: string[]) => ({ CompatibleRuntimes });
    await publish('listed', module_('a', '1'), runtimes(['nodejs20.x']));
    await publish('listed', module_('a', '2'), runtimes(['nodejs22.x', 'nodejs20.x']));
    const versions = async (more: object = {}) =>
      (await spec.call('lambda', 'ListLayerVersions', { LayerName: 'listed', ...more })).LayerVersions?.map(
        ({ Version }) => Version,
      );
    expect(await versions()).toEqual([2, 1]);
    expect(await versions({ CompatibleRuntime: 'nodejs22.x' })).toEqual([2]);
    const { Layers = [] } = await spec.call('lambda', 'ListLayers', { CompatibleRuntime: 'nodejs20.x' });
    expect(Layers.map(({ LayerName, LatestMatchingVersion }) => [LayerName, LatestMatchingVersion?.Version])).toEqual([
      ['listed', 2],
    ]);
    const byArn = await spec.call('lambda', 'GetLayerVersionByArn', { Arn: `${ARN}listed:1` });
    const content = await fetch(byArn.Content?.Location ?? '');
    expect(Buffer.from(await content.arrayBuffer()).equals(Buffer.from(zip(module_('a', '1'))))).toBe(true);
  });

  it.each<[string, string[], string, string]>([
    ['one that is not there', [`${ARN}nowhere:1`], 'InvalidParameterValueException', 'does not exist'],
    ['one without a version', [`${ARN}shared`], 'InvalidParameterValueException', 'Invalid Layer version ARN'],
    ['six', Array.from({ length: 6 }, (_, at) => `${ARN}l${at}:1`), 'ValidationException', 'less than or equal to 5'],
    ['one twice', [`${ARN}shared:1`, `${ARN}shared:1`], 'InvalidParameterValueException', 'same layer'],
    [
      'another account’s',
      [`${ARN.replace('000000000000', '094274105915')}tools:1`],
      'UnsupportedOperation',
      'layers of other accounts',
    ],
  ])('of a function can’t be %s', async (_, Layers, code, message) => {
    await expect(createFunction(spec, 'refused', uses('x'), { Layers })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as unknown,
    });
  });

  it('with extensions are refused, which would not run', async () => {
    await expect(publish('agent', { 'extensions/agent': '#!/bin/sh' })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining('layers with extensions') as unknown,
    });
  });
});
