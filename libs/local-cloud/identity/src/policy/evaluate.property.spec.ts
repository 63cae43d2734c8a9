import fc from 'fast-check';
import { type Requirement } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';
import { matchesGlob } from './pattern';

const ACCOUNT = '000000000000';
const ACTIONS = ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'];
const QUEUES = ['a', 'b', 'c'].map((name) => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`);

const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.uniqueArray(fc.constantFrom('sqs:*', '*', 'sqs:Send*', ...ACTIONS), { minLength: 1 }),
  Resource: fc.uniqueArray(fc.constantFrom('*', `arn:aws:sqs:*:${ACCOUNT}:?`, ...QUEUES), { minLength: 1 }),
});

interface Plain {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** The oracle: written from AWS's rule for one account, without the evaluator. */
function covers(item: Plain, action: string, resource: string): boolean {
  const wide = (pattern: string): boolean =>
    pattern === '*' || pattern.includes('?') || (pattern.endsWith('*') && action.startsWith(pattern.slice(0, -1)));
  return (
    item.Action.some((pattern) => pattern === action || wide(pattern)) &&
    item.Resource.some((pattern) => pattern === resource || pattern === '*' || pattern.endsWith('?'))
  );
}

describe('authorize', () => {
  it('lets a role do exactly what some policy allows and none denies', () => {
    fc.assert(
      fc.property(
        fc.array(statement, { minLength: 1, maxLength: 4 }),
        fc.array(statement, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...ACTIONS),
        fc.constantFrom(...QUEUES),
        (identityStatements, queueStatements, action, resource) => {
          const { identity, caller } = roleWith(identityStatements);
          const requirement: Requirement = {
            action,
            resource,
            resourcePolicy: document(queueStatements.map((item) => ({ ...item, Principal: { AWS: '*' } }))),
          };
          const matching = [...identityStatements, ...queueStatements].filter((item) => covers(item, action, resource));
          const expected = matching.length > 0 && matching.every((item) => item.Effect === 'Allow');

          let allowed = true;
          try {
            identity.authorize(caller, [requirement], 'sqs', 'SendMessage');
          } catch {
            allowed = false;
          }
          expect(allowed).toBe(expected);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('matchesGlob', () => {
  it('takes a text without wildcards for itself only', () => {
    const plain = fc.string({ maxLength: 12 }).filter((text) => !/[*?]/.test(text));
    fc.assert(fc.property(plain, plain, (a, b) => matchesGlob(a, b) === (a === b)));
  });

  it('finds what its stars stand for, whatever it is', () => {
    const part = fc.string({ maxLength: 8 }).map((text) => text.replace(/[*?]/g, ''));
    fc.assert(fc.property(part, part, part, (a, b, c) => matchesGlob(`${a}*${c}`, `${a}${b}${c}`)));
  });
});

function roleWith(statements: readonly object[]) {
  const { module } = specCloud();
  const roles = module.services.find(({ name }) => name === 'iam');
  const admin = module.identity.resolve(ACCOUNT)?.caller;
  if (!admin || !roles) throw new Error('no admin, or no IAM');
  const run = (operation: string, input: object): void => {
    const { handle } = Reflect.get(roles.operations, operation) as { handle(input: object, context: object): unknown };
    handle(input, { accountId: ACCOUNT, region: 'us-east-1', caller: admin });
  };
  run('CreateRole', {
    RoleName: 'r',
    AssumeRolePolicyDocument: document([
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]),
  });
  run('PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: document(statements) });
  const { caller } = module.identity.assumeRole(`arn:aws:iam::${ACCOUNT}:role/r`, 'lambda.amazonaws.com', 'session');
  return { identity: module.identity, caller };
}

function document(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
