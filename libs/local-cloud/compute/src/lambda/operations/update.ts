import { mergeSettings } from '../configuration';
import { checkCount } from '../constraints';
import { checkDeadLetters } from '../dead-letters';
import { describeVersion } from '../describe';
import { invalidParameter } from '../errors';
import type { FunctionRecord, VersionRecord } from '../model';
import { functionArn, parseFunctionName } from '../names';
import { onFunction, type LambdaOperations } from '../operation';
import type { LambdaParts } from '../parts';
import { refuseUnknownOptions } from '../../refuse';
import { CODE_SOURCES, readZip } from '../code-source';
import { assertChangeable, checkRole, passRole, useLayers } from './shared';
import { publish } from './versions';

const CONFIGURATION_OPTIONS = [
  'FunctionName',
  'Role',
  'Handler',
  'Description',
  'Timeout',
  'MemorySize',
  'Environment',
  'KMSKeyArn',
  'Runtime',
  'DeadLetterConfig',
  'TracingConfig',
  'RevisionId',
  'EphemeralStorage',
  'LoggingConfig',
  'SnapStart',
  'Layers',
];
const CODE_OPTIONS = ['FunctionName', ...CODE_SOURCES, 'ImageUri', 'Publish', 'DryRun', 'RevisionId', 'Architectures'];

/** Changes of `$LATEST`; environments of the old revision finish what they run and end. */
export function updateOperations(parts: LambdaParts): LambdaOperations {
  const { engine, functions } = parts;

  function replaceLatest(record: FunctionRecord, change: Partial<VersionRecord>): FunctionRecord {
    const latest: VersionRecord = {
      ...record.latest,
      ...change,
      revisionId: engine.ids.uuid(),
      modifiedAt: engine.clock.now(),
    };
    const saved = functions.save({ ...record, latest });
    void parts.executor.retire(functionArn(record), record.latest.revisionId);
    return saved;
  }

  return {
    UpdateFunctionConfiguration: {
      requires: (input, context) => [
        ...onFunction('UpdateFunctionConfiguration')(input, context),
        ...passRole(input.Role, context, 'lambda.amazonaws.com'),
        ...useLayers(input.Layers),
      ],
      handle: async (input, context) => {
        refuseUnknownOptions('lambda', 'UpdateFunctionConfiguration', input, CONFIGURATION_OPTIONS);
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        assertChangeable(record, input.RevisionId, engine.clock.now());
        if (input.SnapStart?.ApplyOn === 'PublishedVersions') {
          throw invalidParameter(`${record.latest.runtime} is not supported for SnapStart enabled functions.`);
        }
        const settings = mergeSettings(record.name, input, record.latest);
        parts.nodes.find(settings.runtime, 'UpdateFunctionConfiguration');
        const isNewRole = settings.role !== record.latest.role;
        if (isNewRole) checkRole(engine, settings.role);
        if (isNewRole || input.DeadLetterConfig) await checkDeadLetters(engine, parts.roles, record, settings);
        const layers = parts.layers.uses('UpdateFunctionConfiguration', input.Layers, record);
        const key = await parts.keys.changed(input.KMSKeyArn, record, settings.role, context, record.latest);
        const saved = replaceLatest(record, { ...settings, key, ...(layers ? { layers } : {}) });
        await parts.keys.release(record, [record.latest], [saved.latest, ...saved.versions]);
        return describeVersion(saved, saved.latest, engine.clock.now());
      },
    },
    UpdateFunctionCode: {
      requires: onFunction('UpdateFunctionCode'),
      handle: async (input, context) => {
        refuseUnknownOptions('lambda', 'UpdateFunctionCode', input, CODE_OPTIONS);
        const changeable = (): FunctionRecord => {
          const found = functions.get(parseFunctionName(input.FunctionName, context));
          assertChangeable(found, input.RevisionId, engine.clock.now());
          return found;
        };
        changeable();
        checkCount(input.Architectures, 'architectures', 1, 1);
        const zip = await readZip(engine, input, context);
        // Looked up again: others may have changed it while its code was fetched.
        const record = changeable();
        const code = parts.code.unpack(record, zip);
        const architecture = input.Architectures?.[0] ?? record.latest.architecture;
        if (input.DryRun === true)
          return describeVersion(record, { ...record.latest, code, architecture }, engine.clock.now());
        const saved = replaceLatest(record, { code, architecture });
        if (input.Publish !== true) return describeVersion(saved, saved.latest, engine.clock.now());
        const published = publish(parts, saved);
        return describeVersion(published.record, published.version, engine.clock.now());
      },
    },
  };
}
