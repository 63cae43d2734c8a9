import { checkCount } from './errors';
import type { ParameterOperations } from './parameter-store';
import type { Parameters } from './parameters';
import { MAX_NAMES } from './limits';

/** Parameters: deleted. */
export function deleteOperations(parameters: Parameters): ParameterOperations {
  return {
    DeleteParameter: {
      requires: (input, context) => [parameters.requires('DeleteParameter', context, input.Name ?? '')],
      handle: (input, context) => {
        parameters.delete(parameters.get(context, input.Name ?? ''));
        return {};
      },
    },
    DeleteParameters: {
      requires: (input, context) =>
        (input.Names ?? []).map((name) => parameters.requires('DeleteParameters', context, name)),
      handle: (input, context) => {
        const names = input.Names ?? [];
        checkCount(names, 'names', 1, MAX_NAMES);
        const known = names.filter((name) => parameters.find(context, name) !== undefined);
        for (const name of known) {
          const parameter = parameters.find(context, name);
          if (parameter) parameters.delete(parameter);
        }
        return { DeletedParameters: known, InvalidParameters: names.filter((name) => !known.includes(name)) };
      },
    },
  };
}
