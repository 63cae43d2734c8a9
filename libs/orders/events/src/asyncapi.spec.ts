import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApi } from './asyncapi';
import { CATALOGUE } from './catalogue';

const file = join(__dirname, '..', '..', '..', '..', 'docs', 'reference', 'asyncapi.json');

describe('the events’ contract', () => {
  it('is checked in as the code has it; UPDATE_DOCS=1 writes it', () => {
    const generated = `${JSON.stringify(asyncApi(), null, 2)}\n`;
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, generated);
    expect(readFileSync(file, 'utf8')).toBe(generated);
  });

  it('has a message for every version of every event', () => {
    const { components } = asyncApi() as { components: { messages: object } };
    expect(Object.keys(components.messages)).toHaveLength(Object.values(CATALOGUE).flatMap(Object.keys).length);
  });
});
