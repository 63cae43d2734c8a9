import { AwsError, describeBroken, type BrokenConstraint } from '@outbox/local-cloud-kernel';
import type { Decoded } from './decode';
import { outsideEnums } from './enums/outside-enums';
import type { OperationModel, ServiceModel } from './model';

/**
 * Refuses an input that breaks its API model: required members that are missing, values outside their enum. AWS names all
 * of them in one refusal, and looks at nothing else before.
 * @throws AwsError of the service's own kind
 */
export function checkInput(service: ServiceModel, operation: OperationModel, { value, missing }: Decoded): void {
  const [first] = missing;
  if (service.name === 'sqs' && first !== undefined) throw missingParameter(first);
  const broken: readonly BrokenConstraint[] = [
    ...missing.map((member) => ({ value: 'null', member, rule: 'Member must not be null' })),
    ...outsideEnums(service, operation.input, value),
  ];
  if (broken.length === 0) return;
  throw new AwsError(service.facts.validationCode ?? 'ValidationException', describeBroken(broken));
}

/** SQS has words of its own for a missing member. */
function missingParameter(path: string): AwsError {
  const name = path.split('.').at(-1) ?? '';
  return new AwsError(
    'MissingParameter',
    `The request must contain the parameter ${name.charAt(0).toUpperCase()}${name.slice(1)}.`,
  );
}
