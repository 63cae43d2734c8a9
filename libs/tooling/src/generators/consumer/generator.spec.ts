import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson } from '@nx/devkit';
import { exampleWorkspace, variables, written } from '../testing/workspace';
import { withConsumer } from './consumers-map';
import { writeConsumer, type ConsumerOptions } from './generator';

const audit: ConsumerOptions = { name: 'audit', policy: 'once', form: 'effect', on: 'order' };

/** What a generator that was asked for this changed: path to text. */
function generated(options: Partial<ConsumerOptions> = {}): ReadonlyMap<string, string> {
  return written(exampleWorkspace(), (tree) => writeConsumer(tree, { ...audit, ...options }));
}

/** The entry in Terraform's map. */
function entryOf(options: Partial<ConsumerOptions>): string {
  const text = generated(options).get('terraform/variables.tf') ?? '';
  return /^ {4}audit +=.*$/m.exec(text)?.[0].replace(/ +=/, ' =').trim() ?? '';
}

describe('the generator of consumers', () => {
  it('writes an app with the files of the others', () => {
    expect([...generated({ name: 'audit-log' }).keys()].sort()).toEqual([
      ...['jest.config.ts', 'project.json', 'src/handler.spec.ts', 'src/handler.ts', 'tsconfig.json'].map(
        (file) => `apps/audit-log/${file}`,
      ),
      'apps/e2e/project.json',
      'terraform/tests/fixtures/audit-log/audit-log.zip',
      'terraform/variables.tf',
    ]);
  });

  it.each([
    [{}, 'audit = { policy = "once", on = { order = [] } }'],
    [{ policy: 'latest' }, 'audit = { policy = "latest", on = { order = [] } }'],
    [
      { form: 'call', on: 'shipment.Booked, order.Created,shipment.Refused' },
      'audit = { policy = "once", on = { shipment = ["ShipmentBooked", "ShipmentRefused"], order = ["OrderCreated"] }, emits = false }',
    ],
    [{ form: 'complete' }, 'audit = { policy = "once", on = { order = [] }, emits = false }'],
  ] as const)('lists %j in Terraform', (options, entry) => {
    expect(entryOf(options)).toBe(entry);
  });

  it('puts entries into the map as terraform fmt would', () => {
    const folder = mkdtempSync(join(tmpdir(), 'consumers-'));
    try {
      const longer = withConsumer(variables, 'a-much-longer-name', { policy: 'once', on: { order: ['OrderCreated'] } });
      const text = withConsumer(longer, 'b2', { policy: 'in-order', on: { 'credit-note': [] }, emits: false });
      writeFileSync(join(folder, 'variables.tf'), text);

      execFileSync('terraform', ['fmt', '-check', '-diff', folder]);
      expect(text).toContain('    a-much-longer-name = { policy = "once", on = { order = ["OrderCreated"] } }\n');
      expect(text.replace(/^ {4}(a-much-longer-name|b2) +=.*\n/gm, '').replaceAll(/ +=/g, ' =')).toBe(
        variables.replaceAll(/ +=/g, ' ='),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has the end-to-end suite depend on the app', () => {
    const tree = exampleWorkspace();
    writeConsumer(tree, audit);

    expect(readJson(tree, 'apps/e2e/project.json').implicitDependencies).toEqual(['fulfilment', 'audit']);
  });

  it.each([
    ['Audit', 'is no name for a consumer'],
    ['a', 'is no name for a consumer'],
    ['audit-', 'is no name for a consumer'],
    ['audit--log', 'is no name for a consumer'],
    ['2audit', 'is no name for a consumer'],
    ['../audit', 'is no name for a consumer'],
    ['audit-dlq', 'ends with -dlq'],
    ['a-name-of-twenty-five-char', "a consumer's name has at most 24"],
    ['orders', 'is taken by the stack itself'],
    ['outbox-audit', 'is taken by the stack itself'],
    ['local-cloud', 'the workspace has a project of that name'],
    ['fulfilment', 'terraform/variables.tf has a consumer fulfilment already'],
  ])('refuses the name %s', (name, reason) => {
    expect(() => generated({ name })).toThrow(reason);
    expect(() => generated({ name })).toThrow('NAME: ');
  });

  it.each([
    ['once', 'invoice', 'ON: there is no aggregate type "invoice". Use one of order, shipment, or write it'],
    ['once', 'invoice.Paid', 'ON: there is no aggregate type "invoice"'],
    ['once', 'toString', 'ON: there is no aggregate type "toString"'],
    ['once', '', 'ON: it is empty'],
    ['once', 'order.Paid', 'ON: order has no event "Paid". Use order.Created or order.Updated.'],
    ['once', 'order,shipment.Booked', 'ON: "order" beside others names no event type. Use one aggregate type alone'],
    ['in-order', 'order.Created', 'use ON=order, or POLICY=once'],
    ['latest', 'order.Created,shipment.Booked', 'ON=order.Created,shipment.Booked names event types, and latest needs'],
  ] as const)('refuses, for %s, to listen to "%s"', (policy, on, reason) => {
    expect(() => generated({ policy, on })).toThrow(reason);
  });

  it('refuses a map that it does not know', () => {
    expect(() => withConsumer('variable "consumers" {}\n', 'audit', { policy: 'once', on: {} })).toThrow(
      'no variable "consumers" whose default',
    );
  });
});
