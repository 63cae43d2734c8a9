import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Settings } from './settings.ts';
import { recordChange } from './stack-record.ts';
import {
  appliedOutputs,
  configurationMark,
  forgetUp,
  isApplied,
  isBuilt,
  noteUp,
  sourcesMark,
  type Begun,
} from './up-to-date.ts';

const outputs = '{"api_endpoint":{"value":"http://127.0.0.1:1"}}';
const cli = { kind: 'default' } as const;
const sources = [
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'nx.json',
  'apps/api/src/main.ts',
  'libs/x/x.ts',
];
const built = ['dist/apps/api/api.zip', 'dist/apps/local-cloud/main.js'];
const builtBeside = ['dist/apps/console/index.html', 'dist/apps/api/maps/api-1.js.map'];
const deployed = ['terraform/main.tf', 'terraform/modules/a/a.tf', 'libs/orders/events/contract.json'];
const left = ['.local/terraform.tfstate', '.local/own.tfvars'];

describe('what the last make up left', () => {
  let settings: Settings;
  const write = (path: string, content: string): void => {
    const file = join(settings.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    // Two writes may fall into one tick of the file system's clock.
    ticks += 1;
    utimesSync(file, ticks, ticks);
  };
  let ticks = 0;

  beforeEach(() => {
    const root = mkdtempSync(join(tmpdir(), 'outbox-up-'));
    settings = { root, localDirectory: join(root, '.local'), home: root, port: 1, environment: {} };
    for (const path of [...sources, ...built, ...builtBeside, ...deployed, ...left]) write(path, 'before');
    recordChange(settings, 'apply')('finished');
  });
  afterEach(() => rmSync(settings.root, { recursive: true }));

  const begun = (): Begun => ({ sources: sourcesMark(settings), configuration: configurationMark(settings, cli) });
  const seen = () => ({ built: isBuilt(settings), applied: isApplied(settings, cli) });

  it('is unknown before the first one, and after it was forgotten', () => {
    expect(seen()).toEqual({ built: false, applied: false });
    noteUp(settings, begun(), outputs);
    expect(seen()).toEqual({ built: true, applied: true });
    expect(appliedOutputs(settings)).toBe(outputs);
    forgetUp(settings);
    expect(seen()).toEqual({ built: false, applied: false });
    expect(appliedOutputs(settings)).toBeUndefined();
  });

  it('is not gone by when FORCE is set', () => {
    noteUp(settings, begun(), outputs);
    settings = { ...settings, environment: { FORCE: '1' } };
    expect(seen()).toEqual({ built: false, applied: false });
  });

  interface Seen {
    readonly built: boolean;
    readonly applied: boolean;
  }
  const all = (paths: readonly string[], seen: Seen) => paths.map((path): [string, Seen] => [path, seen]);

  it.each([
    ...all([...sources, ...builtBeside, 'apps/api/src/another.ts'], { built: false, applied: true }),
    ...all([...built, 'libs/orders/events/contract.json'], { built: false, applied: false }),
    ...all(['terraform/main.tf', 'terraform/modules/a/a.tf', 'terraform/another.tf'], { built: true, applied: false }),
    ...all(left, { built: true, applied: false }),
    ...all(['terraform/tests/some.tftest.hcl', 'dist/apps/e2e/main.js', 'dist/apps/api/bundle/index.js'], {
      built: true,
      applied: true,
    }),
  ])('notices that %s changed', (path, expected) => {
    noteUp(settings, begun(), outputs);
    write(path, 'after!');
    expect(seen()).toEqual(expected);
  });

  it('takes what was saved during the build and the apply for changed', () => {
    const before = begun();
    for (const path of ['apps/api/src/main.ts', 'terraform/main.tf']) write(path, 'after!');
    noteUp(settings, before, outputs);
    expect(seen()).toEqual({ built: false, applied: false });
  });

  it('passes over what an editor leaves beside an open file: a link to nowhere', () => {
    for (const path of ['apps/api/src/.#main.ts', 'terraform/.#main.tf']) {
      symlinkSync('me@here.4711:1', join(settings.root, path));
    }
    noteUp(settings, begun(), outputs);
    expect(seen()).toEqual({ built: true, applied: true });
  });

  it('takes a file that was only touched for changed where it would be built, and not where it would be applied', () => {
    noteUp(settings, begun(), outputs);
    for (const path of ['apps/api/src/main.ts', 'terraform/main.tf']) write(path, 'before');
    expect(seen()).toEqual({ built: false, applied: true });
  });

  it('takes what another command has built anew, and alike, for built', () => {
    noteUp(settings, begun(), outputs);
    for (const path of [...built, ...builtBeside]) write(path, 'before');
    expect(seen()).toEqual({ built: true, applied: true });
  });

  it('is not applied while the last change did not finish, or was a destroy', () => {
    noteUp(settings, begun(), outputs);
    recordChange(settings, 'apply')('failed');
    expect(seen()).toEqual({ built: true, applied: false });
    recordChange(settings, 'destroy')('finished');
    expect(seen()).toEqual({ built: true, applied: false });
  });

  it('is not applied where Terraform would be told of another local cloud', () => {
    noteUp(settings, begun(), outputs);
    settings = { ...settings, port: 2 };
    expect(seen()).toEqual({ built: true, applied: false });
  });
});
