import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/** A role that anybody of the account may assume, and that may do one thing. */
export interface AssumableRole {
  /** The environment of a process that acts as a session of the role. */
  session(name: string): Promise<NodeJS.ProcessEnv>;
  delete(): Promise<void>;
}

export async function createRole(name: string, action: string, resources: readonly string[]): Promise<AssumableRole> {
  const iam = new IAMClient({});
  const document = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Principal: { AWS: '000000000000' },
        Action: 'sts:AssumeRole',
      }),
    }),
  );
  const policy = { RoleName: name, PolicyName: name };
  const PolicyDocument = document({ Effect: 'Allow', Action: action, Resource: resources });
  await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
  return {
    async session(RoleSessionName) {
      const assume = new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName });
      const { Credentials } = await new STSClient({}).send(assume);
      return {
        ...process.env,
        AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
        AWS_SESSION_TOKEN: Credentials?.SessionToken,
      };
    },
    async delete() {
      await iam.send(new DeleteRolePolicyCommand(policy));
      await iam.send(new DeleteRoleCommand({ RoleName: name }));
    },
  };
}
