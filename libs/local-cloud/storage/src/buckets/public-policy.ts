interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Keys that keep a statement from being public where they are held to fixed values. */
const RESTRICTING: ReadonlySet<string> = new Set(
  [
    ...['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:SourceArn', 'aws:SourceAccount', 'aws:SourceOwner'],
    ...['aws:SourceIp', 'aws:SourceVpc', 'aws:SourceVpce', 'aws:userid', 'aws:PrincipalAccount', 'aws:PrincipalArn'],
    ...['s3:DataAccessPointArn', 's3:DataAccessPointAccount', 's3:x-amz-server-side-encryption-aws-kms-key-id'],
  ].map((name) => name.toLowerCase()),
);

/**
 * Whether a bucket's policy lets everybody do something.
 * Source: S3 user guide, "Blocking public access to your Amazon S3 storage", "The meaning of public".
 */
export function isPublicPolicy(policy: string): boolean {
  const { Statement } = JSON.parse(policy) as { Statement: Statement | readonly Statement[] };
  return [Statement]
    .flat()
    .some((each) => each.Effect === 'Allow' && namesEverybody(each.Principal) && !isRestricted(each));
}

function namesEverybody(principal: unknown): boolean {
  if (principal === '*') return true;
  if (typeof principal !== 'object' || principal === null) return false;
  return Object.values(principal).flat().includes('*');
}

function isRestricted({ Condition = {} }: Statement): boolean {
  return Object.entries(Condition).some(([operator, keys]) =>
    Object.entries(keys).some(
      ([key, values]) =>
        !/Not|IfExists$|^ForAllValues/.test(operator) &&
        RESTRICTING.has(key.toLowerCase()) &&
        [values].flat().every((value) => !/[*?]|\$\{/.test(String(value)) || /Arn/i.test(key)),
    ),
  );
}
