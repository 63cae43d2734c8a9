import { AwsError } from '@outbox/local-cloud-kernel';
import type { TellChange } from './change-events';
import { checkCount, checkText, versionNotFound } from './errors';
import { latestOf, type ParameterRecord, type ParameterVersion } from './model';
import type { ParameterOperations } from './parameter-store';
import type { Parameters } from './parameters';
import { MAX_LABELS } from './limits';

/** Not `aws…` or `ssm…`, and not a number at its start. */
const LABEL = /^(?!aws|ssm|\d)[\w.-]+$/i;

/** Names for versions, each of which one version has at most. */
export function labelOperations(parameters: Parameters, tell: TellChange): ParameterOperations {
  return {
    LabelParameterVersion: {
      requires: (input, context) => [parameters.requires('LabelParameterVersion', context, input.Name ?? '')],
      handle: async (input, context) => {
        const parameter = parameters.get(context, input.Name ?? '');
        const version = versionOf(parameter, input.ParameterVersion);
        const labels = input.Labels ?? [];
        checkCount(labels, 'labels', 1, MAX_LABELS);
        labels.forEach((label) => checkText(label, 'labels', { most: 100 }));
        const valid = labels.filter((label) => LABEL.test(label));
        const all = new Set([...version.labels, ...valid]);
        if (all.size > MAX_LABELS) {
          throw new AwsError(
            'ParameterVersionLabelLimitExceeded',
            `A parameter version can have maximum ${MAX_LABELS} labels. Move one or more labels to another version and try again.`,
          );
        }
        relabel(parameters, parameter, (each) =>
          each.version === version.version ? [...all] : each.labels.filter((label) => !valid.includes(label)),
        );
        await tell('LabelParameterVersion', parameter);
        return {
          InvalidLabels: labels.filter((label) => !LABEL.test(label)),
          ParameterVersion: version.version,
        };
      },
    },
    UnlabelParameterVersion: {
      requires: (input, context) => [parameters.requires('UnlabelParameterVersion', context, input.Name ?? '')],
      handle: (input, context) => {
        const parameter = parameters.get(context, input.Name ?? '');
        const version = versionOf(parameter, input.ParameterVersion);
        const labels = input.Labels ?? [];
        checkCount(labels, 'labels', 1, MAX_LABELS);
        relabel(parameters, parameter, (each) =>
          each.version === version.version ? each.labels.filter((label) => !labels.includes(label)) : each.labels,
        );
        const removed = labels.filter((label) => version.labels.includes(label));
        return { RemovedLabels: removed, InvalidLabels: labels.filter((label) => !removed.includes(label)) };
      },
    },
  };
}

function versionOf(parameter: ParameterRecord, number: number | undefined): ParameterVersion {
  if (number === undefined) return latestOf(parameter);
  const version = parameter.versions.find((each) => each.version === number);
  if (!version) throw versionNotFound(parameter.name, String(number));
  return version;
}

function relabel(
  parameters: Parameters,
  parameter: ParameterRecord,
  labelsOf: (version: ParameterVersion) => readonly string[],
): void {
  const [first, ...others] = parameter.versions;
  const changed = (version: ParameterVersion): ParameterVersion => ({ ...version, labels: labelsOf(version) });
  parameters.put({ ...parameter, versions: [changed(first), ...others.map(changed)] });
}
