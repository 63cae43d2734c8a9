import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const observability = 'terraform/modules/observability';

/** Keys of the alarms that a file of the module lists, `indent` spaces in. */
function keysIn(file: string, indent: number): string[] {
  const lists = new RegExp(`^ {${indent}}([a-z][a-z-]+) += (?:handler\\.consumer \\? )?\\{$`, 'gm');
  return [...read(`${observability}/${file}`).matchAll(lists)].map(([, key = '']) => key);
}

describe('docs/runbooks/alarms.md', () => {
  it('has a section for every alarm, where its description points, and no other', () => {
    const pipeline = keysIn('pipeline.tf', 4);
    const handlers = keysIn('handlers.tf', 6);
    expect(pipeline.length).toBeGreaterThan(8);
    expect(handlers.length).toBeGreaterThan(6);

    const wanted = [
      ...pipeline,
      ...handlers.filter((symptom) => symptom !== 'late').map((symptom) => `consumer-${symptom}`),
      'objective-missed',
    ];
    const sections = [...read('docs/runbooks/alarms.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(sections.sort()).toEqual(wanted.sort());
  });

  it('says of each what it means, what to look at and what to do', () => {
    const sections = read('docs/runbooks/alarms.md').split(/^## /m).slice(1);
    const lacking = sections.filter((text) => !/\*\*Means\*\*[^]*\*\*Look at\*\*[^]*\*\*Do\*\*/.test(text));
    expect(lacking.map((text) => text.split('\n')[0])).toEqual([]);
  });
});
