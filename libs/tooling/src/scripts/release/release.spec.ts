import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkVersion, cutRelease, notesOf, releasedVersions } from './changelog.ts';
import { release, releaseFiles } from './release.ts';

const CHANGELOG = '# Changelog\n\n## Unreleased\n\n### Added\n\n- A bus.\n\n## 0.1.0 - 2026-01-01\n\n- All of it.\n';
const UPGRADE_FROM = 'libs/tooling/src/scripts/full/upgrade-from.json';

describe('the changelog of a release', () => {
  it('has what was unreleased under the version, and nothing unreleased', () => {
    const cut = cutRelease(CHANGELOG, '0.2.0', '2026-02-03');
    expect(cut).toContain('## Unreleased\n\n## 0.2.0 - 2026-02-03\n\n### Added\n\n- A bus.\n');
    expect(releasedVersions(cut)).toEqual(['0.2.0', '0.1.0']);
    expect(notesOf(cut, '0.2.0')).toBe('### Added\n\n- A bus.');
    expect(notesOf(cut, '0.1.0')).toBe('- All of it.');
    expect(() => cutRelease(cut, '0.3.0', '2026-02-04')).toThrow('nothing under');
  });

  it.each(['0.1.0', '0.0.9'])('has no %s after 0.1.0', (version) => {
    expect(() => cutRelease(CHANGELOG, version, '2026-02-03')).toThrow("isn't above 0.1.0");
  });

  it('says nothing of a version that was never cut', () => {
    expect(() => notesOf(CHANGELOG, '0.2.0')).toThrow('says nothing of 0.2.0');
  });

  it.each([undefined, '', '1', 'v0.1.0', '0.1.0-rc1', '01.0.0'])('is of no version %s', (version) => {
    expect(() => checkVersion(version)).toThrow('VERSION is three numbers');
  });
});

describe('a release', () => {
  let root = '';
  const settings = (version: string) => ({
    root,
    localDirectory: join(root, '.local'),
    port: 0,
    home: root,
    environment: { PATH: process.env['PATH'], VERSION: version },
  });
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
  const commit = (): string => {
    git('add', '-A');
    git('commit', '-q', '-m', 'a');
    return git('rev-parse', 'HEAD');
  };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'release-'));
    jest.spyOn(console, 'log').mockImplementation();
    git('init', '-q');
    write('.gitignore', '.local\n');
    write('CHANGELOG.md', CHANGELOG);
    write('package.json', '{ "version": "0.1.0", "dependencies": { "a": "0.1.0" } }');
    write(
      'package-lock.json',
      '{ "version": "0.1.0", "packages": { "": { "version": "0.1.0" }, "a": { "version": "0.1.0" } } }',
    );
    for (const library of ['outbox', 'local-cloud']) {
      write(`libs/${library}/package/package.json`, '{ "version": "0.1.0" }');
    }
    write(UPGRADE_FROM, '{ "commit": "c", "version": "0.1.0", "reason": "r" }');
    commit();
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is written into changelog and manifests, and recorded once it is committed', async () => {
    await release(settings('0.2.0'));
    expect(releasedVersions(read('CHANGELOG.md'))).toEqual(['0.2.0', '0.1.0']);
    expect(JSON.parse(read('package.json'))).toMatchObject({ version: '0.2.0', dependencies: { a: '0.1.0' } });
    expect(JSON.parse(read('package-lock.json'))).toEqual({
      version: '0.2.0',
      packages: { '': { version: '0.2.0' }, a: { version: '0.1.0' } },
    });
    await expect(release(settings('0.2.0'))).rejects.toThrow('commit it');

    const released = commit();
    write('README.md', 'later');
    commit();
    await release(settings('0.2.0'));
    expect(JSON.parse(read(UPGRADE_FROM))).toMatchObject({ commit: released, version: '0.2.0' });
  });

  it('waits until the one before is recorded', async () => {
    write(UPGRADE_FROM, '{ "commit": "c", "reason": "r" }');
    await expect(release(settings('0.2.0'))).rejects.toThrow("0.1.0 isn't recorded yet");
  });

  it('has no files while the manifests have another version', async () => {
    write('CHANGELOG.md', cutRelease(CHANGELOG, '0.2.0', '2026-02-03'));
    await expect(releaseFiles(settings('0.2.0'))).rejects.toThrow('package.json has version 0.1.0, not 0.2.0');
  });
});

it('the commit that upgrades are tested from is of a release that the changelog has, once there is one', () => {
  const repository = join(__dirname, '..', '..', '..', '..', '..');
  const versions = releasedVersions(readFileSync(join(repository, 'CHANGELOG.md'), 'utf8'));
  const from = JSON.parse(readFileSync(join(repository, UPGRADE_FROM), 'utf8')) as Record<string, string>;
  expect(from['commit']).toMatch(/^[0-9a-f]{40}$/);
  // The commit of a release can't record itself: the next one does.
  expect([undefined, ...versions].slice(0, 3)).toContain(from['version']);
});
