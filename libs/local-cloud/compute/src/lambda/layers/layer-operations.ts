import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GetLayerVersionCommandOutput, LayerVersionsListItem } from '@aws-sdk/client-lambda';
import { unsupported, type RequestContext, type Requirement } from '@outbox/local-cloud-kernel';
import { refuseUnknownOptions } from '../../refuse';
import { checkCount, checkText, markedPage } from '../constraints';
import { invalidParameter } from '../errors';
import { onAll, type LambdaOperations } from '../operation';
import { CODE_SOURCES, readZip } from '../code-source';
import type { LambdaParts } from '../parts';
import { layerArn, parseLayerName, type LayerName, type LayerRecord, type LayerVersionRecord } from './layers';
import { LAYER_PAGE } from '../limits';

/** Layers: published, read, deleted. Who else may use them can't be said: other accounts can't use any. */
export function layerOperations(parts: LambdaParts): LambdaOperations {
  const { downloads, engine, layerCode, layers } = parts;
  const describe = (
    record: LayerName | LayerRecord,
    version: LayerVersionRecord,
  ): Omit<GetLayerVersionCommandOutput, '$metadata'> => ({
    ...listed(record, version),
    LayerArn: layerArn(record),
    Content: {
      Location: downloads.link(version.code),
      CodeSha256: version.code.sha256,
      CodeSize: version.code.size,
    },
  });

  return {
    PublishLayerVersion: {
      requires: (input, context) => [onLayer('PublishLayerVersion', input.LayerName, context)],
      handle: async (input, context) => {
        refuseUnknownOptions('lambda', 'PublishLayerVersion', input, [
          ...['LayerName', 'Description', 'Content', 'CompatibleRuntimes', 'CompatibleArchitectures', 'LicenseInfo'],
        ]);
        const at = named(input.LayerName, context);
        checkText(input.Description, 'description', { least: 0, most: 256 });
        checkText(input.LicenseInfo, 'licenseInfo', { least: 0, most: 512 });
        checkCount(input.CompatibleRuntimes, 'compatibleRuntimes', 0, 15);
        checkCount(input.CompatibleArchitectures, 'compatibleArchitectures', 0, 2);
        refuseUnknownOptions('lambda', 'PublishLayerVersion', input.Content ?? {}, CODE_SOURCES);
        const zip = await readZip(engine, input.Content ?? {}, context);
        const code = layerCode.unpack(at, zip);
        if (existsSync(join(engine.directory, code.folder, 'extensions'))) {
          throw unsupported('lambda', 'PublishLayerVersion', 'layers with extensions');
        }
        const known = layers.find(at);
        const version: LayerVersionRecord = {
          version: known?.nextVersion ?? 1,
          description: input.Description ?? '',
          licenseInfo: input.LicenseInfo,
          runtimes: input.CompatibleRuntimes ?? [],
          architectures: input.CompatibleArchitectures ?? [],
          code,
          createdAt: engine.clock.now(),
        };
        const { accountId, name, region } = at;
        const versions = [...(known?.versions ?? []), version];
        layers.save({ accountId, region, name, versions, nextVersion: version.version + 1 });
        return describe(at, version);
      },
    },
    GetLayerVersion: {
      requires: (input, context) => [onLayer('GetLayerVersion', input.LayerName, context, input.VersionNumber)],
      handle: (input, context) => {
        refuseUnknownOptions('lambda', 'GetLayerVersion', input, ['LayerName', 'VersionNumber']);
        const at = named(input.LayerName, context, input.VersionNumber);
        return describe(at, layers.getVersion(at));
      },
    },
    GetLayerVersionByArn: {
      requires: (input, context) => [onLayer('GetLayerVersion', input.Arn, context)],
      handle: (input, context) => {
        refuseUnknownOptions('lambda', 'GetLayerVersionByArn', input, ['Arn']);
        const at = named(input.Arn, context);
        return describe(at, layers.getVersion(at));
      },
    },
    ListLayers: {
      requires: onAll('ListLayers'),
      handle: (input, context) => {
        refuseUnknownOptions('lambda', 'ListLayers', input, [
          ...['CompatibleRuntime', 'CompatibleArchitecture', 'Marker', 'MaxItems'],
        ]);
        const found = layers.list(context).flatMap((record) => {
          const latest = record.versions.filter((version) => isCompatible(version, input)).at(-1);
          return latest
            ? [{ LayerName: record.name, LayerArn: layerArn(record), LatestMatchingVersion: listed(record, latest) }]
            : [];
        });
        const { items, next } = markedPage(found, input, LAYER_PAGE, LAYER_PAGE);
        return { Layers: items, NextMarker: next };
      },
    },
    ListLayerVersions: {
      requires: onAll('ListLayerVersions'),
      handle: (input, context) => {
        refuseUnknownOptions('lambda', 'ListLayerVersions', input, [
          ...['LayerName', 'CompatibleRuntime', 'CompatibleArchitecture', 'Marker', 'MaxItems'],
        ]);
        const at = named(input.LayerName, context);
        const versions = (layers.find(at)?.versions ?? []).filter((version) => isCompatible(version, input));
        const newestFirst = versions.map((version) => listed(at, version)).reverse();
        const { items, next } = markedPage(newestFirst, input, LAYER_PAGE, LAYER_PAGE);
        return { LayerVersions: items, NextMarker: next };
      },
    },
    // Functions that have it keep it, and one that isn't there is no error. Source: API reference, DeleteLayerVersion.
    DeleteLayerVersion: {
      requires: (input, context) => [onLayer('DeleteLayerVersion', input.LayerName, context, input.VersionNumber)],
      handle: (input, context) => {
        refuseUnknownOptions('lambda', 'DeleteLayerVersion', input, ['LayerName', 'VersionNumber']);
        const at = named(input.LayerName, context, input.VersionNumber);
        const record = layers.find(at);
        if (record) {
          layers.save({ ...record, versions: record.versions.filter(({ version }) => version !== at.version) });
        }
        return {};
      },
    },
  };
}

/** @throws AwsError InvalidParameterValueException */
function named(text: string | undefined, context: RequestContext, version?: number): LayerName {
  const at = parseLayerName(text, context, version);
  if (!at) throw invalidParameter(`Invalid Layer name: ${text}`);
  return at;
}

function onLayer(action: string, text: string | undefined, context: RequestContext, version?: number): Requirement {
  const at = parseLayerName(text, context, version);
  return { action: `lambda:${action}`, resource: at ? layerArn(at, at.version) : '*' };
}

function listed(record: LayerName | LayerRecord, version: LayerVersionRecord): LayerVersionsListItem {
  return {
    LayerVersionArn: layerArn(record, version.version),
    Version: version.version,
    Description: version.description,
    CreatedDate: new Date(version.createdAt).toISOString().replace('Z', '+0000'),
    ...(version.runtimes.length > 0 ? { CompatibleRuntimes: [...version.runtimes] } : {}),
    ...(version.architectures.length > 0 ? { CompatibleArchitectures: [...version.architectures] } : {}),
    ...(version.licenseInfo === undefined ? {} : { LicenseInfo: version.licenseInfo }),
  };
}

function isCompatible(
  { architectures, runtimes }: LayerVersionRecord,
  wanted: { readonly CompatibleRuntime?: string | undefined; readonly CompatibleArchitecture?: string | undefined },
): boolean {
  const { CompatibleArchitecture: architecture, CompatibleRuntime: runtime } = wanted;
  const has = (all: readonly string[], one: string | undefined): boolean => one === undefined || all.includes(one);
  return has(runtimes, runtime) && has(architectures, architecture);
}
