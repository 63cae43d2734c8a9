import { NoPrincipalError, principalOf } from './principal';

const of = (authorizer: unknown) =>
  principalOf({ event: { requestContext: { authorizer } } as unknown as Parameters<typeof principalOf>[0]['event'] });

const role = { accountId: '123456789012', userId: 'AROAEXAMPLE:CognitoIdentityCredentials' };
const pool = 'eu-central-1:aaaaaaaa-0000-0000-0000-000000000000';
const user = (identityId: string, identityPoolId = pool) => ({
  iam: { ...role, cognitoIdentity: { amr: ['authenticated'], identityId, identityPoolId } },
});

describe('principalOf', () => {
  it('tells users of a Cognito identity pool apart, though all of them have the pool’s role', () => {
    const [one, other] = [of(user('eu-central-1:1')), of(user('eu-central-1:2'))];
    expect(one.id).not.toBe(other.id);
    expect(one.id).toBe(of(user('eu-central-1:1')).id);
    expect(one.id).not.toBe(of({ iam: { ...role, cognitoIdentity: null } }).id);
    expect(one.id).not.toBe(of(user('eu-central-1:1', 'another pool')).id);
  });

  it.each([[{ amr: [], identityPoolId: pool }], [{ identityId: 'eu-central-1:1' }], [{}]])(
    'never takes such a user for the role when its identity is incomplete: %j',
    (cognitoIdentity) => {
      expect(() => of({ iam: { ...role, cognitoIdentity } })).toThrow(NoPrincipalError);
    },
  );

  it('is the role or user of other IAM callers, in any session', () => {
    const session = (name: string) => of({ iam: { ...role, userId: `AROAEXAMPLE:${name}` } });
    expect(session('morning').id).toBe(session('evening').id);
    expect(of({ iam: { ...role, userId: 'AIDAEXAMPLE', cognitoIdentity: null } }).id).not.toBe(session('morning').id);
  });

  it('is a token’s issuer and subject, or everybody where there is no authorizer', () => {
    const claims = (iss: string, sub: string) => of({ jwt: { claims: { iss, sub } } });
    expect(claims('https://a', 'u').id).not.toBe(claims('https://b', 'u').id);
    expect(of(undefined)).toEqual({ name: 'anonymous', id: 'anonymous', anonymous: true });
    expect(() => of({ lambda: {} })).toThrow(NoPrincipalError);
  });
});
