import { destroys, lossOf } from '../holds-data.ts';
import type { Finding, Rule } from './rule.ts';

/**
 * No plan destroys or replaces what holds data, but where it was said beforehand.
 * @param accepted addresses whose loss is accepted: of resources, or of modules with all that is in them
 */
export function keptData(accepted: readonly string[]): Rule {
  return {
    name: 'kept-data',
    reason:
      'Rows, messages, events and logs are not in the code, so what holds them is neither replaced nor destroyed. A move is a moved block; a loss that is wanted is named in DATA_LOSS_ACCEPTED.',
    check: (_resources, _variables, plan) =>
      (plan.resource_changes ?? []).flatMap((resource): readonly Finding[] => {
        const { address, type, change } = resource;
        const loss = lossOf(type);
        if (loss === undefined || !destroys(resource)) return [];
        const verb = change.actions.includes('create') ? 'replaced' : 'destroyed';
        const said = accepted.some((place) => address === place || address.startsWith(`${place}.`));
        return [{ severity: said ? 'warning' : 'error', address, problem: `is ${verb}, and with it goes ${loss}` }];
      }),
  };
}

/** The addresses of a DATA_LOSS_ACCEPTED, separated by spaces or line breaks. */
export function acceptedLosses(text: string | undefined): readonly string[] {
  return (text ?? '').split(/\s+/).filter((address) => address !== '');
}
