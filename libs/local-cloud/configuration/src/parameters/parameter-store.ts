import type { Engine, Service } from '@outbox/local-cloud-kernel';
import { changeEvents } from './change-events';
import { deleteOperations } from './delete-parameters';
import { describeOperations } from './describe-parameters';
import { labelOperations } from './label-operations';
import { Parameters } from './parameters';
import { putOperations } from './put-parameter';
import { readOperations } from './read-parameters';
import { tagOperations } from './tag-operations';

export type ParameterOperations = Service<'ssm'>['operations'];

/** SSM's Parameter Store: plain and secret parameters, their versions, labels and tags. Nothing else of SSM is here. */
export function parameterStore(engine: Pick<Engine, 'calls' | 'clock' | 'identity' | 'log' | 'store'>): Service<'ssm'> {
  const tell = changeEvents(engine);
  const parameters = new Parameters(engine);
  return {
    name: 'ssm',
    operations: {
      ...putOperations(engine, parameters, tell),
      ...readOperations(parameters),
      ...describeOperations(parameters),
      ...deleteOperations(parameters, tell),
      ...labelOperations(parameters, tell),
      ...tagOperations(parameters),
    },
  };
}
