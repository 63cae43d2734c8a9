import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, 'boto3');

/** `file.Class.test` of every test in the folder, as unittest names them. */
function testNames(): readonly string[] {
  const files = readdirSync(FOLDER).filter((file) => /^test_.*\.py$/.test(file));
  return files.flatMap((file) => {
    let group = '';
    return [...readFileSync(join(FOLDER, file), 'utf8').matchAll(/^class (\w+)|^ {4}def (test_\w+)/gm)].flatMap(
      ([, className, testName]) => {
        if (className !== undefined) group = className;
        return testName === undefined ? [] : [`${file.slice(0, -'.py'.length)}.${group}.${testName}`];
      },
    );
  });
}

describe('AWS’s SDK for Python', () => {
  const outcomes = new Map<string, string | null>();
  let errors = '';

  beforeAll(async () => {
    const child = spawn('python3', [join(FOLDER, 'run.py')], {
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    await once(child, 'close');
    for (const line of output.split('\n').filter((text) => text.startsWith('{'))) {
      const { name, failure } = JSON.parse(line) as { name: string; failure: string | null };
      outcomes.set(name, failure);
    }
  }, 240_000);

  it.each(testNames())('%s', (name) => {
    expect(outcomes.has(name) ? outcomes.get(name) : `not run: ${errors}`).toBeNull();
  });
});
