import { own } from '@outbox/local-cloud-kernel';
import type { AliasRoutingConfiguration } from '@aws-sdk/client-lambda';
import { describeAlias } from '../describe';
import { conflict, invalidParameter, notFound, revisionMismatch } from '../errors';
import type { AliasRecord, FunctionRecord } from '../model';
import { functionArn, parseFunctionName } from '../names';
import { onFunction, type LambdaOperations } from '../operation';
import { checkText, constraint, markedPage } from '../constraints';
import type { Invoker } from '../invoker';
import type { LambdaParts } from '../parts';
import { withoutQualifier } from './shared';

/** Aliases, with weights over at most one additional version. The published version behind one is started ahead. */
export function aliasOperations({ engine, functions }: LambdaParts, invoker: Invoker): LambdaOperations {
  function save(record: FunctionRecord, alias: AliasRecord) {
    const saved = functions.save({ ...record, aliases: { ...record.aliases, [alias.name]: alias } });
    if (alias.version !== '$LATEST') void invoker.prepare({ ...saved, qualifier: alias.version });
    return describeAlias(saved, alias);
  }

  return {
    CreateAlias: {
      requires: onFunction('CreateAlias'),
      handle: (input, context) => {
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        const name = input.Name ?? '';
        checkText(name, 'name', { most: 128, pattern: '(?!^[0-9]+$)([a-zA-Z0-9-_]+)' });
        checkText(input.Description, 'description', { least: 0, most: 256 });
        if (own(record.aliases, name)) throw conflict(`Alias already exists: ${functionArn(record, name)}`);
        const version = existing(record, input.FunctionVersion);
        const weights = checkedWeights(record, version, input.RoutingConfig);
        return save(record, {
          name,
          version,
          description: input.Description ?? '',
          weights,
          revisionId: engine.ids.uuid(),
        });
      },
    },
    GetAlias: {
      requires: onFunction('GetAlias'),
      handle: (input, context) => {
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        return describeAlias(record, find(record, input.Name));
      },
    },
    UpdateAlias: {
      requires: onFunction('UpdateAlias'),
      handle: (input, context) => {
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        const current = own(record.aliases, input.Name);
        if (!current) throw notFound(`Alias not found: ${functionArn(record, input.Name)}`);
        if (input.RevisionId !== undefined && input.RevisionId !== current.revisionId) throw revisionMismatch();
        const version = input.FunctionVersion === undefined ? current.version : existing(record, input.FunctionVersion);
        checkText(input.Description, 'description', { least: 0, most: 256 });
        // Weights that stay must suit a version that is new.
        const routing = input.RoutingConfig ?? { AdditionalVersionWeights: { ...current.weights } };
        const weights = checkedWeights(record, version, routing);
        const description = input.Description ?? current.description;
        return save(record, { name: current.name, version, description, weights, revisionId: engine.ids.uuid() });
      },
    },
    DeleteAlias: {
      requires: onFunction('DeleteAlias'),
      handle: (input, context) => {
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        const { [input.Name ?? '']: _gone, ...aliases } = record.aliases;
        functions.save({ ...withoutQualifier(record, input.Name ?? ''), aliases });
        return {};
      },
    },
    ListAliases: {
      requires: onFunction('ListAliases'),
      handle: (input, context) => {
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        const aliases = Object.values(record.aliases)
          .filter((alias) => input.FunctionVersion === undefined || alias.version === input.FunctionVersion)
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const { items, next } = markedPage(aliases, input, 50);
        return { Aliases: items.map((alias) => describeAlias(record, alias)), NextMarker: next };
      },
    },
  };
}

function find(record: FunctionRecord, name: string | undefined): AliasRecord {
  const alias = own(record.aliases, name);
  if (!alias) throw notFound(`Cannot find alias arn: ${functionArn(record, name)}`);
  return alias;
}

function existing(record: FunctionRecord, version: string | undefined): string {
  const known = version === '$LATEST' || record.versions.some((one) => one.version === version);
  if (version === undefined || !known) throw notFound(`Function not found: ${functionArn(record, version)}`);
  return version;
}

function checkedWeights(
  record: FunctionRecord,
  main: string,
  routing: AliasRoutingConfiguration | undefined,
): Readonly<Record<string, number>> {
  const weights = routing?.AdditionalVersionWeights ?? {};
  const versions = Object.keys(weights);
  if (versions.length > 1)
    throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  for (const version of versions) {
    const weight = weights[version] ?? 0;
    if (!(weight >= 0 && weight <= 1)) {
      throw constraint(
        `{${version}=${Number.isInteger(weight) ? weight.toFixed(1) : weight}}`,
        'routingConfig.additionalVersionWeights',
        'Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]',
      );
    }
    if (!/^\d+$/.test(version)) {
      throw constraint(
        `{${version}=${weight}}`,
        'routingConfig.additionalVersionWeights',
        'Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]',
      );
    }
    existing(record, version);
    if (main === '$LATEST') {
      throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
    }
    if (version === main) {
      throw invalidParameter(
        `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
      );
    }
  }
  return weights;
}
