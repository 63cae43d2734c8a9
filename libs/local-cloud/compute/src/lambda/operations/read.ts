import { Settings } from '@outbox/local-cloud-kernel';
import { ACCOUNT_CONCURRENCY } from '../../account-concurrency';
import { describeListed, describeVersion } from '../describe';
import { functionArn, parseFunctionName } from '../names';
import { onAll, onFunction, type LambdaOperations } from '../operation';
import { markedPage } from '../constraints';
import type { LambdaParts } from '../parts';
import { refuseUnknownOptions } from '../../refuse';

/** What reads a function, as Terraform and the CLI do. */
export function readOperations({ engine, functions, downloads }: LambdaParts): LambdaOperations {
  return {
    GetFunction: {
      requires: onFunction('GetFunction'),
      handle: (input, context) => {
        const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
        const { record, version } = functions.resolve(at);
        return {
          Configuration: describeVersion(record, version, engine.clock.now(), at.qualifier),
          Code: { RepositoryType: 'S3', Location: downloads.link(version.code) },
          ...(Object.keys(record.tags).length > 0 ? { Tags: { ...record.tags } } : {}),
          ...(record.reservedConcurrency === undefined
            ? {}
            : { Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency } }),
        };
      },
    },
    GetFunctionConfiguration: {
      requires: onFunction('GetFunctionConfiguration'),
      handle: (input, context) => {
        const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
        const { record, version } = functions.resolve(at);
        return describeVersion(record, version, engine.clock.now(), at.qualifier);
      },
    },
    ListFunctions: {
      requires: onAll('ListFunctions'),
      handle: (input, context) => {
        refuseUnknownOptions('lambda', 'ListFunctions', input, ['FunctionVersion', 'Marker', 'MaxItems']);
        const now = engine.clock.now();
        const all = functions.list(context.accountId, context.region).flatMap((record) => {
          const versions = input.FunctionVersion === 'ALL' ? [record.latest, ...record.versions] : [record.latest];
          return versions.map((version) =>
            describeListed(record, version, now, input.FunctionVersion === 'ALL' ? version.version : undefined),
          );
        });
        const { items, next } = markedPage(all, input, 50);
        return { Functions: items, NextMarker: next };
      },
    },
    ListVersionsByFunction: {
      requires: onFunction('ListVersionsByFunction'),
      handle: (input, context) => {
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        const now = engine.clock.now();
        const all = [record.latest, ...record.versions].map((version) =>
          describeVersion(record, version, now, version.version),
        );
        const { items, next } = markedPage(all, input, 50);
        return { Versions: items, NextMarker: next };
      },
    },
    GetFunctionCodeSigningConfig: {
      requires: onFunction('GetFunctionCodeSigningConfig'),
      handle: (input, context) => {
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        return { CodeSigningConfigArn: undefined, FunctionName: record.name };
      },
    },
    GetAccountSettings: {
      requires: onAll('GetAccountSettings'),
      handle: (_input, context) => {
        const all = functions.list(context.accountId, context.region);
        const accountConcurrency = new Settings(engine.store).get(ACCOUNT_CONCURRENCY);
        const reserved = all.reduce((sum, record) => sum + (record.reservedConcurrency ?? 0), 0);
        return {
          AccountLimit: {
            TotalCodeSize: 80_530_636_800,
            CodeSizeUnzipped: 262_144_000,
            CodeSizeZipped: 52_428_800,
            ConcurrentExecutions: accountConcurrency,
            UnreservedConcurrentExecutions: accountConcurrency - reserved,
          },
          AccountUsage: {
            TotalCodeSize: all.reduce((sum, record) => sum + record.latest.code.size, 0),
            FunctionCount: all.length,
          },
        };
      },
    },
    GetRuntimeManagementConfig: {
      requires: onFunction('GetRuntimeManagementConfig'),
      handle: (input, context) => {
        const { record } = functions.resolve(parseFunctionName(input.FunctionName, context, input.Qualifier));
        return { UpdateRuntimeOn: 'Auto', FunctionArn: functionArn(record) };
      },
    },
  };
}
