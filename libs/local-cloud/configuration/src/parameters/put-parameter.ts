import type { PutParameterCommandInput } from '@aws-sdk/client-ssm';
import {
  AwsError,
  refuseOptions,
  requestTagKeys,
  tagRecord,
  unsupported,
  withTags,
  type Engine,
  type RequestContext,
} from '@outbox/local-cloud-kernel';
import { checkText, validation } from './errors';
import type { TellChange } from './change-events';
import { latestOf, type ParameterRecord, type ParameterType, type ParameterVersion, type Tier } from './model';
import { checkName } from './names';
import type { ParameterOperations } from './parameter-store';
import type { Parameters } from './parameters';
import { TAG_RULES } from './tag-operations';
import { MAX_VERSIONS } from './limits';

/** Characters of a value, by tier. Source: user guide, "Managing parameter tiers". */
const MAX_VALUE: Readonly<Record<Tier, number>> = { Standard: 4096, Advanced: 8192 };
const DEFAULT_KEY = 'alias/aws/ssm';

/** Parameters: made, and given further values. */
export function putOperations(
  engine: Pick<Engine, 'clock'>,
  parameters: Parameters,
  tell: TellChange,
): ParameterOperations {
  return {
    PutParameter: {
      requires: (input, context) => {
        const { Name = '', Overwrite = false, Tags = [] } = input;
        const tags = Tags.length > 0 ? requestTagKeys(tagRecord(Tags)) : {};
        const conditions = { 'ssm:Overwrite': String(Overwrite), ...tags };
        return [
          parameters.requires('PutParameter', context, Name, conditions),
          ...(Tags.length > 0 ? [parameters.requires('AddTagsToResource', context, Name, tags)] : []),
        ];
      },
      handle: async (input, context) => {
        refuseOptions('ssm', 'PutParameter', input, 'Policies');
        const name = (input.Name ?? '').trim();
        checkName(context, name);
        checkTexts(input);
        const known = parameters.find(context, name);
        checkOverwrite(input, known);
        const version = await nextVersion(parameters, input, name, known, context, engine.clock.now());
        const kept = known ? withRoom(known) : [];
        const { accountId, region } = context;
        const tags = known?.tags ?? withTags({}, input.Tags, TAG_RULES);
        const [first, ...rest] = [...kept, version];
        const saved: ParameterRecord = { accountId, region, name, tags, versions: [first ?? version, ...rest] };
        parameters.put(saved);
        await tell(known ? 'Update' : 'Create', saved);
        return { Version: version.version, Tier: version.tier };
      },
    },
  };
}

function checkTexts({ AllowedPattern, DataType, Description, Value = '' }: PutParameterCommandInput): void {
  checkText(Description, 'description', { least: 0, most: 1024 });
  checkText(AllowedPattern, 'allowedPattern', { least: 0, most: 1024 });
  checkText(Value, 'value', {});
  if (DataType !== undefined && DataType !== 'text')
    throw unsupported('ssm', 'PutParameter', `the data type ${DataType}`);
  if (/\{\{.*\}\}/s.test(Value)) {
    throw validation('Parameter value: nested parameters, {{ }}, are not supported.');
  }
}

/** Source: API reference, PutParameter, Overwrite and Tags. */
function checkOverwrite({ Overwrite, Tags, Type }: PutParameterCommandInput, known: ParameterRecord | undefined): void {
  if (Overwrite && Tags && Tags.length > 0) {
    throw validation(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  if (known && !Overwrite) {
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  if (!known && Type === undefined) throw validation('A parameter type is required when you create a parameter.');
}

/** What isn't said stays as it was. */
async function nextVersion(
  parameters: Parameters,
  input: PutParameterCommandInput,
  name: string,
  known: ParameterRecord | undefined,
  context: RequestContext,
  at: number,
): Promise<ParameterVersion> {
  const before = known && latestOf(known);
  const { Value: value = '', KeyId } = input;
  const type: ParameterType = input.Type ?? before?.type ?? 'String';
  const tier = tierOf(input, before?.tier, value);
  const allowedPattern = (input.AllowedPattern ?? before?.allowedPattern) || undefined;
  checkPattern(value, allowedPattern);
  if (KeyId !== undefined && type !== 'SecureString') {
    throw validation('KeyId can only be specified for parameters of the type SecureString.');
  }
  const keyId = KeyId ?? (before?.type === 'SecureString' ? before.keyId : undefined) ?? DEFAULT_KEY;
  if (type === 'SecureString' && tier === 'Advanced') {
    throw unsupported('ssm', 'PutParameter', 'a SecureString of the tier Advanced');
  }
  const description = input.Description ?? before?.description;
  return {
    version: (before?.version ?? 0) + 1,
    type,
    tier,
    dataType: input.DataType ?? before?.dataType ?? 'text',
    labels: [],
    at,
    by: context.caller.arn,
    ...(type === 'SecureString'
      ? { value: '', keyId, sealed: await parameters.seal(keyId, name, value, context) }
      : { value }),
    ...(description === undefined ? {} : { description }),
    ...(allowedPattern === undefined ? {} : { allowedPattern }),
  };
}

function tierOf({ Tier }: PutParameterCommandInput, before: Tier | undefined, value: string): Tier {
  if (Tier === 'Standard' && before === 'Advanced') {
    throw validation(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  const smart = value.length > MAX_VALUE.Standard ? 'Advanced' : (before ?? 'Standard');
  const tier = Tier === 'Intelligent-Tiering' ? smart : (Tier ?? before ?? 'Standard');
  if (value.length <= MAX_VALUE[tier]) return tier;
  throw validation(
    tier === 'Standard'
      ? 'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html'
      : 'Advanced tier parameters support a maximum parameter value of 8192 characters.',
  );
}

function checkPattern(value: string, pattern: string | undefined): void {
  if (pattern === undefined) return;
  let allowed: RegExp;
  try {
    allowed = new RegExp(`^(?:${pattern})$`);
  } catch {
    throw new AwsError(
      'InvalidAllowedPatternException',
      'The specified allowedPattern is not a valid regular expression.',
    );
  }
  if (allowed.test(value)) return;
  throw new AwsError(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  );
}

/** The versions that are kept when one more comes: the oldest goes, unless somebody named it. */
function withRoom({ versions }: ParameterRecord): readonly ParameterVersion[] {
  if (versions.length < MAX_VERSIONS) return versions;
  const [oldest, ...others] = versions;
  if (oldest.labels.length === 0) return others;
  throw new AwsError(
    'ParameterMaxVersionLimitExceeded',
    `You attempted to create a new version by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  );
}
