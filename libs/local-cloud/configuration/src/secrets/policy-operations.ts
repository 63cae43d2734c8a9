import { AwsError, type Engine } from '@outbox/local-cloud-kernel';
import { checkText } from './errors';
import { secretArn, type SecretRecord } from './model';
import type { SecretOperations } from './secrets-manager';
import type { Secrets } from './secrets';
import { MAX_POLICY } from './limits';

/** Policies of secrets. */
export function policyOperations({ identity }: Pick<Engine, 'identity'>, secrets: Secrets): SecretOperations {
  return {
    DeleteResourcePolicy: {
      requires: (input, context) => [secrets.requires('DeleteResourcePolicy', context, input.SecretId ?? '')],
      handle: (input, context) => {
        const { policy: _policy, ...secret }: SecretRecord = secrets.getLiving(context, input.SecretId ?? '');
        secrets.put(secret);
        return { ARN: secretArn(secret), Name: secret.name };
      },
    },
    GetResourcePolicy: {
      requires: (input, context) => [secrets.requires('GetResourcePolicy', context, input.SecretId ?? '')],
      handle: (input, context) => {
        const secret = secrets.getLiving(context, input.SecretId ?? '');
        return { ARN: secretArn(secret), Name: secret.name, ResourcePolicy: secret.policy };
      },
    },
    PutResourcePolicy: {
      requires: (input, context) => [
        secrets.requires('PutResourcePolicy', context, input.SecretId ?? '', {
          'secretsmanager:BlockPublicPolicy': String(input.BlockPublicPolicy ?? false),
        }),
      ],
      handle: (input, context) => {
        const { BlockPublicPolicy: block = false, ResourcePolicy: policy = '' } = input;
        checkText(policy, 'resourcePolicy', { most: MAX_POLICY });
        const secret = secrets.getLiving(context, input.SecretId ?? '');
        const problem = identity.resourcePolicyProblem(policy);
        if (problem !== undefined) throw malformed(problem);
        if (block && isPublic(policy)) {
          throw new AwsError(
            'PublicPolicyException',
            "You can't attach a resource policy that allows broad access to the secret.",
          );
        }
        secrets.put({ ...secret, policy });
        return { ARN: secretArn(secret), Name: secret.name };
      },
    },
    ValidateResourcePolicy: {
      requires: (input, context) => [secrets.requires('ValidateResourcePolicy', context, input.SecretId ?? '*')],
      handle: (input) => {
        const { ResourcePolicy: policy = '' } = input;
        const problem = identity.resourcePolicyProblem(policy);
        const found =
          problem !== undefined
            ? { CheckName: 'SYNTAX', ErrorMessage: problem }
            : isPublic(policy)
              ? { CheckName: 'PUBLIC', ErrorMessage: 'The policy allows broad access to the secret.' }
              : undefined;
        return { PolicyValidationPassed: found === undefined, ValidationErrors: found ? [found] : [] };
      },
    },
  };
}

function malformed(problem: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', `This resource policy contains a syntax error: ${problem}`);
}

/** Whether anybody is allowed something without a condition. Its syntax was checked. */
function isPublic(policy: string): boolean {
  const { Statement } = JSON.parse(policy) as { readonly Statement?: unknown };
  const statements = (Array.isArray(Statement) ? Statement : [Statement]) as readonly Readonly<
    Record<string, unknown>
  >[];
  return statements.some(({ Condition, Effect, Principal }) => {
    const aws = typeof Principal === 'object' && Principal !== null && 'AWS' in Principal ? Principal.AWS : Principal;
    return Effect === 'Allow' && Condition === undefined && [aws].flat().includes('*');
  });
}
