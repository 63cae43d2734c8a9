/** A permission that a role used, as `GET /_local/usage` of the local cloud tells it. */
export interface Use {
  readonly action: string;
  readonly resource: string;
}

/** Whose stack the uses are of. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly prefix: string;
}

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** What stands in the document for an account, a region and a stack's `name_prefix`. */
const placeholders = { account: 'ACCOUNT', region: 'REGION', prefix: 'PREFIX' } as const;

/**
 * The policy that allows what was used and no more, for any stack: names begin with the stack's prefix, and where AWS makes
 * up an id (APIs, keys, event source mappings) it is any of the kind.
 */
export function policyOf(uses: readonly Use[], place: Place): PolicyDocument {
  const resources = new Map<string, Set<string>>();
  for (const { action, resource } of uses) {
    const known = resources.get(action) ?? new Set();
    resources.set(action, known.add(patternOf(resource, place)));
  }
  const statements = new Map<string, { action: string[]; resource: readonly string[] }>();
  for (const action of [...resources.keys()].sort()) {
    const resource = [...(resources.get(action) ?? [])].sort();
    const key = [action.split(':')[0], ...resource].join(' ');
    const statement = statements.get(key) ?? { action: [], resource };
    statement.action.push(action);
    statements.set(key, statement);
  }
  const numbers = new Map<string, number>();
  const Statement = [...statements.values()].map(({ action, resource }) => {
    const service = (action[0] ?? '').split(':')[0] ?? '';
    const number = (numbers.get(service) ?? 0) + 1;
    numbers.set(service, number);
    return { Sid: `${capital(service)}${number}`, Effect: 'Allow' as const, Action: action, Resource: resource };
  });
  return { Version: '2012-10-17', Statement };
}

/** The document for one stack. */
export function policyFor(document: string, { account, region, prefix }: Place): string {
  return document
    .replaceAll(placeholders.account, account)
    .replaceAll(placeholders.region, region)
    .replaceAll(placeholders.prefix, prefix);
}

/** Every action that the document allows. */
export function actionsOf({ Statement }: PolicyDocument): readonly string[] {
  return Statement.flatMap(({ Action }) => Action).sort();
}

function patternOf(resource: string, { prefix }: Place): string {
  const parts = resource.split(':');
  if (parts.length < 6) return '*';
  const [arn, partition, service, region, account, ...rest] = parts;
  const home = [arn, partition, service, region && placeholders.region, account && placeholders.account].join(':');
  return `${home}:${nameOf(rest.join(':'), prefix)}`;
}

function nameOf(name: string, prefix: string): string {
  const at = name.search(new RegExp(`(^|[/:])${prefix}`));
  if (at >= 0) return `${name.slice(0, at)}${name[at] === prefix[0] ? '' : name[at]}${placeholders.prefix}*`;
  const kind = /^\/?[\w-]+[/:]/.exec(name)?.[0];
  return kind === undefined ? name : `${kind}*`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
