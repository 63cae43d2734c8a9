import type { PolicyDocument } from '../policy/document';

/** The roles there are. */
export interface KnownRoles {
  byArn(arn: string): object | undefined;
}

/**
 * The first principal of a policy that there is not, as IAM names it in its refusal (`"AWS":"arn:…"`). Roles have to
 * exist, users and groups never do here; a session is taken on trust, and so is a service, as long as it looks like one.
 * Source: IAM user guide, "AWS JSON policy elements: Principal".
 */
export function unknownPrincipal({ statements }: PolicyDocument, roles: KnownRoles): string | undefined {
  for (const { principals, notPrincipals } of statements) {
    const { aws = [], services = [] } = principals ?? notPrincipals ?? {};
    const name = aws.find((text) => !isAwsPrincipal(text, roles));
    if (name !== undefined) return `"AWS":"${name}"`;
    const service = services.find((text) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(text));
    if (service !== undefined) return `"SERVICE":"${service}"`;
  }
  return undefined;
}

/** An account by its number or ARN, a role there is, or a session of one. */
export function isAwsPrincipal(text: string, roles: KnownRoles): boolean {
  if (/^arn:aws[a-z-]*:iam::\d{12}:role\//.test(text)) return roles.byArn(text) !== undefined;
  return /^(\d{12}|arn:aws[a-z-]*:iam::\d{12}:root|arn:aws[a-z-]*:sts::\d{12}:(assumed-role|federated-user)\/.+)$/.test(
    text,
  );
}
