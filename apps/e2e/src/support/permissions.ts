import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  paginateListRoles,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** One action a role's inline policy allows on one resource. */
export interface Granted {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

const iam = new IAMClient({});

/** Every role of the account. */
export async function roles(): Promise<readonly { readonly name: string; readonly arn: string }[]> {
  const found: { name: string; arn: string }[] = [];
  for await (const page of paginateListRoles({ client: iam }, {})) {
    for (const { RoleName = '', Arn = '' } of page.Roles ?? []) found.push({ name: RoleName, arn: Arn });
  }
  return found;
}

/** What a role's inline policies allow, action by action and resource by resource. */
export async function granted(role: string): Promise<readonly Granted[]> {
  const policies = await inlinePolicies(role);
  return policies.flatMap(({ statements }) =>
    statements
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action, Resource }) =>
        Action.flatMap((action) => Resource.map((resource) => ({ role, action, resource }))),
      ),
  );
}

/** Takes the statements that allow `action` out of a role's policies while `body` runs, and puts them back. */
export async function without(role: string, action: string, body: () => Promise<void>): Promise<void> {
  const policies = (await inlinePolicies(role)).filter(({ statements }) => statements.some(allows(action)));
  if (policies.length === 0) throw new Error(`${role} has no statement for ${action}`);
  for (const { name, version, statements } of policies) {
    const kept = statements.filter((statement) => !allows(action)(statement));
    // IAM takes no policy without a statement.
    if (kept.length === 0) await iam.send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: name }));
    else await put(role, name, JSON.stringify({ Version: version, Statement: kept }));
  }
  try {
    await body();
  } finally {
    for (const { name, text } of policies) await put(role, name, text);
  }
}

/** Whether an ARN with `*` and `?` covers a resource. */
export function covers(pattern: string, resource: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(resource);
}

function allows(action: string): (statement: Statement) => boolean {
  return ({ Effect, Action }) => Effect === 'Allow' && Action.includes(action);
}

async function inlinePolicies(role: string) {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
  return Promise.all(
    PolicyNames.map(async (name) => {
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
      const text = decodeURIComponent(PolicyDocument);
      const { Version: version, Statement: statements } = JSON.parse(text) as {
        Version: string;
        Statement: readonly Statement[];
      };
      return { name, text, version, statements };
    }),
  );
}

async function put(role: string, name: string, text: string): Promise<void> {
  await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: text }));
}
