import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { constraintsOf, type RequestContext } from '@outbox/local-cloud-kernel';
import { mergeSettings } from '../configuration';
import { checkCount, checkText } from '../constraints';
import { checkDeadLetters } from '../dead-letters';
import { describeVersion } from '../describe';
import { conflict, invalidParameter } from '../errors';
import type { FunctionRecord, VersionRecord } from '../model';
import { functionArn, parseFunctionName } from '../names';
import { onFunction, type LambdaOperations } from '../operation';
import type { LambdaParts } from '../parts';
import { refuseUnknownOptions } from '../../refuse';
import { CODE_SOURCES, readZip } from '../code-source';
import { checkRole, passRole, useLayers, withoutQualifier } from './shared';
import { publish } from './versions';

const OPTIONS = [
  'FunctionName',
  'Runtime',
  'Role',
  'Handler',
  'Code',
  'Description',
  'Timeout',
  'MemorySize',
  'Publish',
  'DeadLetterConfig',
  'Environment',
  'KMSKeyArn',
  'TracingConfig',
  'Tags',
  'Architectures',
  'EphemeralStorage',
  'LoggingConfig',
  'PackageType',
  'SnapStart',
  'Layers',
];

/** CreateFunction: a zip on a Node.js runtime; container images, VPC and file systems are refused. */
export function createOperations(parts: LambdaParts): LambdaOperations {
  const { engine, functions } = parts;
  return {
    CreateFunction: {
      requires: (input, context) => [
        ...onFunction('CreateFunction')(input, context),
        ...passRole(input.Role, context, 'lambda.amazonaws.com'),
        ...useLayers(input.Layers),
      ],
      handle: async (input, context) => {
        refuseUnknownOptions('lambda', 'CreateFunction', input, OPTIONS);
        const at = parseFunctionName(input.FunctionName, context);
        checkNewName(at.name);
        if (at.qualifier !== undefined) throw invalidParameter('FunctionName must not carry a qualifier.');
        const checkAbsence = (): void => {
          if (functions.find(at)) throw conflict(`Function already exist: ${at.name}`);
        };
        checkAbsence();
        refuseImages(input);
        checkCount(input.Architectures, 'architectures', 1, 1);
        refuseUnknownOptions('lambda', 'CreateFunction', input.Code ?? {}, CODE_SOURCES);
        const zip = await readZip(engine, input.Code ?? {}, context);
        const settings = mergeSettings(at.name, input);
        parts.nodes.find(settings.runtime, 'CreateFunction');
        checkRole(engine, settings.role);
        await checkDeadLetters(engine, parts.roles, at, settings);
        const layers = parts.layers.uses('CreateFunction', input.Layers, at);
        const key = await parts.keys.changed(input.KMSKeyArn, at, settings.role, context);
        // Asked again: others may have made it while code and key were fetched.
        checkAbsence();
        const now = engine.clock.now();
        const latest: VersionRecord = {
          ...settings,
          key,
          version: '$LATEST',
          architecture: input.Architectures?.[0] ?? 'x86_64',
          code: parts.code.unpack(at, zip),
          ...(layers ? { layers } : {}),
          revisionId: engine.ids.uuid(),
          createdAt: now,
          modifiedAt: now,
        };
        const record = functions.save(newRecord(at, latest, input.Tags));
        if (input.Publish !== true) return describeVersion(record, latest, now);
        const published = publish(parts, record);
        return { ...describeVersion(published.record, published.version, now), State: 'Pending' as const };
      },
    },
    DeleteFunction: {
      requires: onFunction('DeleteFunction'),
      handle: async (input, context) => {
        const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
        const record = functions.get(at);
        if (at.qualifier === undefined) await deleteAll(parts, record);
        else await deleteVersion(parts, record, at.qualifier);
        return { StatusCode: 204 };
      },
    },
  };
}

/** A name that is too long is told apart from one that is malformed, as AWS does. */
function checkNewName(name: string): void {
  checkText(name, 'functionName', { pattern: '[a-zA-Z0-9-_]+' });
  constraintsOf(invalidParameter).checkText(name, 'functionName', { most: 64 });
}

function newRecord(
  at: RequestContext | { accountId: string; region: string; name: string },
  latest: VersionRecord,
  tags: CreateFunctionCommandInput['Tags'],
): FunctionRecord {
  return {
    accountId: at.accountId,
    region: at.region,
    name: 'name' in at ? at.name : '',
    latest,
    versions: [],
    nextVersion: 1,
    aliases: {},
    policies: {},
    invokeConfigs: {},
    reservedConcurrency: undefined,
    tags: tags ?? {},
  };
}

function refuseImages(input: CreateFunctionCommandInput): void {
  if (input.PackageType === 'Image')
    throw invalidParameter('The local cloud runs zip packages only, not PackageType Image.');
  if (input.SnapStart?.ApplyOn === 'PublishedVersions') {
    throw invalidParameter(`${input.Runtime ?? ''} is not supported for SnapStart enabled functions.`);
  }
}

async function deleteAll(parts: LambdaParts, record: FunctionRecord): Promise<void> {
  parts.functions.delete(record);
  await parts.executor.retire(functionArn(record));
  parts.code.remove(record);
  await parts.keys.release(record, [record.latest, ...record.versions]);
}

async function deleteVersion(parts: LambdaParts, record: FunctionRecord, qualifier: string): Promise<void> {
  if (qualifier === '$LATEST')
    throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
  if (!/^\d+$/.test(qualifier)) throw invalidParameter('Deletion of aliases is not currently supported.');
  const alias = Object.values(record.aliases).find(
    (one) => one.version === qualifier || one.weights[qualifier] !== undefined,
  );
  if (alias) {
    throw conflict(
      `Version(s) [${qualifier}] of function ${record.name} are still referenced by alias(es): [${alias.name}]`,
    );
  }
  const versions = record.versions.filter((version) => version.version !== qualifier);
  parts.functions.save({ ...withoutQualifier(record, qualifier), versions });
  await parts.keys.release(record, record.versions, [record.latest, ...versions]);
}
