import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which services have shapes in AWS's SDK: the one place that lists them, as types. */
const LIST = 'sdk.ts';

const read = (name: string): string => readFileSync(join(__dirname, name), 'utf8');

const services = [...read(LIST).matchAll(/^ {2}(\w+): typeof import/gm)].map(([, name = '']) => name);

/** What only one service has. */
const RESOURCES = ['bus', 'bucket', 'queue', 'topic'];

/** Words of the code that name a service or what only one has; comments may give examples. */
function servicesIn(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
  const words = [...code.matchAll(/[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+/g)].map(([word]) => word.toLowerCase());
  return words.filter(
    (word) => [...services, ...RESOURCES].includes(word.replace(/s$/, '')) || services.includes(word),
  );
}

describe('the kernel', () => {
  const files = readdirSync(__dirname).filter((name) => !name.endsWith('.spec.ts') && name !== LIST);

  it.each(files)('names no service in %s', (name) => {
    expect(servicesIn(read(name))).toEqual([]);
  });

  it.each([
    ["calls.call('kms', 'Decrypt', input)", 'kms'],
    ['const sqsUrl = 1;', 'sqs'],
    ["type Kinds = 'queue-outage'", 'queue'],
    ['makeVisible(queueUrl)', 'queue'],
    ['SQSQueue', 'queue'],
    ["new Set(['logs'])", 'logs'],
  ])('would be seen to in %s', (code, name) => {
    expect(servicesIn(code)).toContain(name);
  });

  it('may give examples in comments', () => {
    expect(servicesIn('/** e.g. `sqs:SendMessage` */\nconst a = 1; // a queue')).toEqual([]);
  });
});
