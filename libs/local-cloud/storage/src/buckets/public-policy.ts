interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
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

/** Operators that hold a key to the values they name. */
const FIXING = /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|IpAddress)$/;

/** Networks of fewer fixed bits than these are the public. */
const LEAST_BITS = { v4: 8, v6: 32 };

/**
 * Whether a bucket's policy lets everybody do something.
 * Source: S3 user guide, "Blocking public access to your Amazon S3 storage", "The meaning of public".
 */
export function isPublicPolicy(policy: string): boolean {
  const { Statement } = JSON.parse(policy) as { Statement: Statement | readonly Statement[] };
  return [Statement].flat().some((each) => each.Effect === 'Allow' && namesEverybody(each) && !isRestricted(each));
}

/** Whoever isn't among some is everybody. */
function namesEverybody({ NotPrincipal, Principal }: Statement): boolean {
  if (NotPrincipal !== undefined || Principal === '*') return true;
  if (typeof Principal !== 'object' || Principal === null) return false;
  return Object.values(Principal).flat().includes('*');
}

function isRestricted({ Condition = {} }: Statement): boolean {
  return Object.entries(Condition).some(
    ([operator, keys]) =>
      FIXING.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) =>
          RESTRICTING.has(key.toLowerCase()) && [values].flat().every((value) => isFixed(key, String(value))),
      ),
  );
}

/** A value without wildcards or variables; of an ARN the account is enough, and an address is of no wide network. */
function isFixed(key: string, value: string): boolean {
  const [, address, bits] = /^([\d.]+|[\da-f:]+)\/(\d+)$/i.exec(value) ?? [];
  if (/SourceIp$/i.test(key) && address !== undefined) {
    return Number(bits) >= (address.includes(':') ? LEAST_BITS.v6 : LEAST_BITS.v4);
  }
  return !/[*?]|\$\{/.test(value) || /^arn:([^:]*:){3}\d{12}:/.test(value);
}
