import type { TellChange } from './change-events';
import { checkCount } from './errors';
import type { ParameterOperations } from './parameter-store';
import type { Parameters } from './parameters';
import { MAX_NAMES } from './limits';
import { checkIsName, isName } from './names';

/** Parameters: deleted. */
export function deleteOperations(parameters: Parameters, tell: TellChange): ParameterOperations {
  return {
    DeleteParameter: {
      requires: (input, context) => [parameters.requires('DeleteParameter', context, input.Name ?? '')],
      handle: async (input, context) => {
        const name = input.Name ?? '';
        checkIsName(name);
        const parameter = parameters.get(context, name);
        parameters.delete(parameter);
        await tell('Delete', parameter);
        return {};
      },
    },
    DeleteParameters: {
      requires: (input, context) =>
        (input.Names ?? []).map((name) => parameters.requires('DeleteParameters', context, name)),
      handle: async (input, context) => {
        const names = input.Names ?? [];
        checkCount(names, 'names', 1, MAX_NAMES);
        const known = names.filter((name) => isName(name) && parameters.find(context, name) !== undefined);
        for (const name of known) {
          const parameter = parameters.find(context, name);
          if (!parameter) continue;
          parameters.delete(parameter);
          await tell('Delete', parameter);
        }
        return { DeletedParameters: known, InvalidParameters: names.filter((name) => !known.includes(name)) };
      },
    },
  };
}
