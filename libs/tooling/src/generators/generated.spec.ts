import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeAggregate } from './aggregate/generator';
import type { ConsumerPolicy } from './consumer/consumers-map';
import { writeConsumer, type ConsumerForm, type ConsumerOptions } from './consumer/generator';
import { typeErrors } from './testing/type-errors';
import { exampleWorkspace, root, written } from './testing/workspace';

const policies: readonly ConsumerPolicy[] = ['once', 'in-order', 'latest'];
const forms: readonly ConsumerForm[] = ['effect', 'complete', 'call'];
const consumers = [
  ...policies.flatMap((policy) => forms.map((form) => ({ policy, form, on: 'order' }))),
  ...forms.map((form) => ({ policy: 'once' as const, form, on: 'order.Updated,shipment.Booked' })),
].map((options, index): ConsumerOptions => ({ ...options, name: `audit-${index}` }));

const generated = written(exampleWorkspace(), (tree) => {
  writeAggregate(tree, { name: 'credit-note', events: 'Issued,Paid' });
  for (const options of consumers) writeConsumer(tree, options);
});

describe('what the generators write', () => {
  const sources = new Map([...generated].filter(([path]) => path.endsWith('.ts')));
  const folder = mkdtempSync(join(tmpdir(), 'generated-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of sources) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  afterAll(() => rmSync(folder, { recursive: true }));

  it('type-checks', () => {
    expect(typeErrors(root, sources)).toEqual([]);
  });

  // The specs that were generated, run here and now.
  describe.each(consumers)('a consumer: $policy, $form, $on', ({ name }) => {
    jest.requireActual(join(folder, 'apps', name, 'src', 'handler.spec.ts'));
  });

  describe('an aggregate', () => {
    jest.requireActual(join(folder, 'libs', 'orders', 'events', 'src', 'credit-note.spec.ts'));
  });
});
