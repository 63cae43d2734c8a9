import type { Caller, InputOf, OperationName, ServiceName } from '@outbox/local-cloud-kernel';
import { specParts } from './services';

export const ACCOUNT = '000000000000';
const NAME = 'reader';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/${NAME}`;

/** For specs: the whole engine's services, called by its account or by a role that may do what the spec says. */
export function readerRole() {
  const { dispatcher, identity } = specParts();
  const admin = identity.resolve(ACCOUNT)?.caller;

  const call = async <S extends ServiceName, Op extends OperationName<S>>(
    service: S,
    operation: Op,
    input: InputOf<S, Op>,
    caller = admin,
    region = 'us-east-1',
  ) => {
    if (!caller) throw new Error('nobody calls');
    return dispatcher.call(service, operation, input, { caller, region });
  };
  /** Makes the role; returns who it is as a caller. */
  const create = async (): Promise<Caller> => {
    const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    await call('iam', 'CreateRole', { RoleName: NAME, AssumeRolePolicyDocument: policyOf(trust) });
    return identity.assumeRole(ROLE, 'lambda.amazonaws.com', 'session').caller;
  };
  /** From now on the role may do this and nothing else. */
  const mayDo = (...statements: object[]) =>
    call('iam', 'PutRolePolicy', { RoleName: NAME, PolicyName: 'p', PolicyDocument: policyOf(...statements) });
  return { identity, admin, call, create, mayDo };
}

export function policyOf(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

export function allow(Action: string | string[], Resource: string, Condition?: object): object {
  return { Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) };
}
