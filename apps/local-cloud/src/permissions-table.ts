import { GRANTS, permissionsOf, permissionsSource } from '@outbox/local-cloud-identity';
import type { RequestContext, Requirement, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { serviceModel } from '@outbox/local-cloud-wire';
import { aligned } from './markdown-table';
import { sampleInputs } from './sample-input';

const CALLER = { kind: 'root', accountId: '000000000000', arn: 'arn:aws:iam::000000000000:root', userId: '' } as const;

/** What an operation requires of its caller when every option is used. */
export function requirementsOf(service: Service<ServiceName>, operation: string): readonly Requirement[] {
  const operations = service.operations as Readonly<
    Record<string, { requires(input: unknown, context: RequestContext): readonly Requirement[] } | undefined>
  >;
  const context: RequestContext = {
    accountId: CALLER.accountId,
    region: 'us-east-1',
    caller: CALLER,
    requestId: '',
    service: service.name,
    operation,
    signal: new AbortController().signal,
  };
  return sampleInputs(service.name, operation).flatMap(
    (input) => operations[operation]?.requires(input, context) ?? [],
  );
}

/** What every registered operation needs of its caller, as Markdown: the actions as the engine evaluates them. */
export function operationsTable(services: Iterable<Service<ServiceName>>): string {
  const sections = [...services]
    .map((service) => ({ service, title: serviceModel(service.name).name }))
    .sort((a, b) => a.title.localeCompare(b.title))
    .map(({ service, title }) => `### ${title}\n\n${sourceLine(service)}\n\n${rows(service).join('\n')}`);
  return sections.join('\n\n');
}

/** What services need of roles and of each other's resources, as Markdown. */
export function grantsTable(): string {
  const rows = GRANTS.map(({ of, by, actions, on, checked, source }) => [
    of,
    actions.map((action) => `\`${action}\``).join(', '),
    on,
    by,
    checked.map((when) => (when === 'created' ? 'at creation' : 'at use')).join(', '),
    `[AWS](${source})`,
  ]);
  return aligned([['what', 'needs', 'on', 'of', 'checked', 'source'], ...rows]).join('\n');
}

function sourceLine({ name }: Service<ServiceName>): string {
  return `[AWS’s page of its actions](${permissionsSource(name)})`;
}

function rows(service: Service<ServiceName>): string[] {
  const body = Object.keys(service.operations)
    .sort()
    .map((operation) => {
      const { note, source } = permissionsOf(service.name, operation);
      const needs = requirementsOf(service, operation).map(
        ({ action, resource }) => `\`${action}\` on \`${generic(resource)}\``,
      );
      const remark = [note, ...(source === undefined ? [] : [`[AWS](${source})`])].filter((text) => text !== '');
      return [`\`${operation}\``, [...new Set(needs)].join('<br>') || '—', remark.join(' ')];
    });
  return aligned([['operation', 'needs', 'note'], ...body]);
}

function generic(resource: string): string {
  return resource.replace(/us-east-1/g, 'REGION').replace(/000000000000/g, 'ACCOUNT');
}
