import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissionsOf } from '@outbox/local-cloud-identity';
import { grantsTable, operationsTable, requirementsOf } from './permissions-table';
import { services } from './testing/services';

const DOCUMENT = join(__dirname, '../../../docs/reference/permissions.md');
const TABLES: readonly (readonly [name: string, render: () => string])[] = [
  ['grants', grantsTable],
  ['operations', () => operationsTable(services())],
];

describe('the table of permissions', () => {
  const operations = services().flatMap((service) =>
    Object.keys(service.operations).map((operation) => ({ service, operation })),
  );

  it('lists for every operation just the actions the engine asks for', () => {
    const differing = operations.flatMap(({ service, operation }) => {
      const asked = [...new Set(requirementsOf(service, operation).map(({ action }) => action))].sort();
      const listed = [...permissionsOf(service.name, operation).actions].sort();
      return asked.join() === listed.join() ? [] : [{ service: service.name, operation, asked, listed }];
    });
    expect(differing).toEqual([]);
    expect(operations.length).toBeGreaterThan(200);
  });

  it('names a resource for every action', () => {
    const nameless = operations.flatMap(({ service, operation }) =>
      requirementsOf(service, operation)
        .filter(
          ({ resource }) =>
            !/^(\*|arn:aws:.*([A-Za-z*/]|:log-stream:|:layer:NAME:1))$/.test(resource) ||
            resource.includes('undefined'),
        )
        .map(({ action, resource }) => ({ operation, action, resource })),
    );
    expect(nameless).toEqual([]);
  });

  // IAM user guide, "Grant a user permissions to pass a role to an AWS service": policies are bound to a service by it.
  it('says with every role that is passed which service gets it', () => {
    const passed = operations.flatMap(({ service, operation }) =>
      requirementsOf(service, operation)
        .filter(({ action }) => action === 'iam:PassRole')
        .map(({ conditions }) => [operation, conditions?.['iam:PassedToService']]),
    );
    expect(Object.fromEntries(passed)).toEqual({
      CreateFunction: 'lambda.amazonaws.com',
      UpdateFunctionConfiguration: 'lambda.amazonaws.com',
      CreatePipe: 'pipes.amazonaws.com',
      UpdatePipe: 'pipes.amazonaws.com',
      CreateSchedule: 'scheduler.amazonaws.com',
      PutTargets: 'events.amazonaws.com',
      UpdateSchedule: 'scheduler.amazonaws.com',
    });
  });

  it.each(TABLES)('is in the reference as the engine evaluates it: %s', (name, render) => {
    const begin = `<!-- ${name}: begin (UPDATE_DOCS=1 npx nx test local-cloud) -->\n\n`;
    const end = `\n\n<!-- ${name}: end -->`;
    const text = readFileSync(DOCUMENT, 'utf8');
    const [before = '', rest = ''] = text.split(begin);
    const [documented, after = ''] = rest.split(end);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, `${before}${begin}${render()}${end}${after}`);
    else expect(documented).toBe(render());
  });
});
