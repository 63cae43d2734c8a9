import type { RecordingIdentity } from '@outbox/local-cloud-identity';

/** What `GET /_local/usage` answers. */
export interface UsageAnswer {
  /** By role ARN: each permission it needed so far and only its own policies granted. */
  readonly roles: Readonly<Record<string, readonly { readonly action: string; readonly resource: string }[]>>;
  /** What operations asked for since the start that the table of permissions doesn't list: empty, or a defect. */
  readonly undocumented: readonly { readonly service: string; readonly operation: string; readonly action: string }[];
}

/** The proof of least privilege: against a role's policies it tells what they grant and nothing ever used. */
export function usageAnswer(identity: Pick<RecordingIdentity, 'usage' | 'undocumented'>): UsageAnswer {
  const roles: Record<string, { action: string; resource: string }[]> = {};
  for (const { roleArn, action, resource } of identity.usage()) (roles[roleArn] ??= []).push({ action, resource });
  return { roles, undocumented: identity.undocumented() };
}
