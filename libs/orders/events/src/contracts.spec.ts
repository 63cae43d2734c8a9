import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApiOf, contractOf, describeEvents } from '@outbox/outbox-envelope';
import { AGGREGATES, EVENT_SOURCE } from './aggregates';
import { checkContract } from './testing/check-contract';
import { consumersOf, readListeners } from './testing/listeners';

const project = join(__dirname, '..');
const schemas = join(project, 'contracts');
const root = join(project, '..', '..', '..');
const docs = join(root, 'docs', 'reference');

const EXTENSION = '.schema.json';

function asText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

describe('the released contracts', () => {
  const events = describeEvents(AGGREGATES).map(({ type, version, dataschema, schema }) => ({
    name: `${type}.${version}${EXTENSION}`,
    current: { $id: dataschema, ...schema },
  }));
  const released = readdirSync(schemas).filter((name) => name.endsWith(EXTENSION));
  const listeners = () => readListeners(readFileSync(join(root, 'terraform', 'variables.tf'), 'utf8'));

  it.each([...new Set([...events.map(({ name }) => name), ...released])])('%s is kept', (name) => {
    checkContract({
      file: join(schemas, name),
      current: events.find((event) => event.name === name)?.current,
      update: process.env['UPDATE_CONTRACTS'] === '1',
      consumersOf: (aggregateType, type) => consumersOf(listeners(), aggregateType, type),
    });
  });
});

describe('what is generated from the events', () => {
  const asyncApi = asyncApiOf(AGGREGATES, {
    title: 'Order events',
    version: '1.0.0',
    description:
      'Each change of an order is one event with the whole order after it; a shipment’s events say what became of its booking, and its id is the order’s. At least once, in any order: `id` tells copies apart, `sequence` counts an aggregate’s events from 1 without holes. Unknown fields are to be ignored; a schema is never changed but by optional fields, anything else is a new `dataschema`.',
    license: 'MIT-0',
    source: EVENT_SOURCE,
  });

  it.each([
    ['AsyncAPI document', join(docs, 'asyncapi.json'), asyncApi],
    ['contract that Terraform reads', join(project, 'contract.json'), contractOf(EVENT_SOURCE, AGGREGATES)],
  ])('the %s is checked in as the code has it; UPDATE_DOCS=1 writes it', (_what, file, document) => {
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, asText(document));
    expect(readFileSync(file, 'utf8')).toBe(asText(document));
  });
});
