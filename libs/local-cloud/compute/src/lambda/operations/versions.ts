import { createHash } from 'node:crypto';
import { checkText } from '../constraints';
import { describeVersion } from '../describe';
import { invalidParameter } from '../errors';
import type { FunctionRecord, VersionRecord } from '../model';
import { parseFunctionName } from '../names';
import { onFunction, type LambdaOperations } from '../operation';
import type { LambdaParts } from '../parts';
import { refuseUnknownOptions } from '../../refuse';
import { assertChangeable } from './shared';

const OPTIONS = ['FunctionName', 'CodeSha256', 'Description', 'RevisionId'];

/** PublishVersion: a frozen copy of `$LATEST`. */
export function versionOperations(parts: LambdaParts): LambdaOperations {
  const { engine, functions } = parts;
  return {
    PublishVersion: {
      requires: onFunction('PublishVersion'),
      handle: (input, context) => {
        refuseUnknownOptions('lambda', 'PublishVersion', input, OPTIONS);
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        checkText(input.Description, 'description', { least: 0, most: 256 });
        const now = engine.clock.now();
        assertChangeable(record, input.RevisionId, now);
        if (input.CodeSha256 !== undefined && input.CodeSha256 !== record.latest.code.sha256) {
          throw invalidParameter(
            `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${record.latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
          );
        }
        const published = publish(parts, record, input.Description);
        return describeVersion(published.record, published.version, now);
      },
    },
  };
}

/** Publishes `$LATEST`; when nothing changed since the last version, answers that one instead of a new number, as AWS does. */
export function publish(
  { engine, functions }: LambdaParts,
  record: FunctionRecord,
  description?: string,
): { readonly record: FunctionRecord; readonly version: VersionRecord } {
  const last = record.versions.at(-1);
  if (last && fingerprint(last) === fingerprint(record.latest)) return { record, version: last };
  const now = engine.clock.now();
  const version: VersionRecord = {
    ...record.latest,
    version: String(record.nextVersion),
    description: description ?? record.latest.description,
    revisionId: engine.ids.uuid(),
    createdAt: now,
    modifiedAt: now,
  };
  const saved = functions.save({
    ...record,
    versions: [...record.versions, version],
    nextVersion: record.nextVersion + 1,
  });
  return { record: saved, version };
}

/** Everything of a version that makes it behave as it does. */
function fingerprint(version: VersionRecord): string {
  const {
    version: _number,
    revisionId: _revision,
    createdAt: _created,
    modifiedAt: _modified,
    description: _text,
    ...rest
  } = version;
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex');
}
