import { UserError } from '../settings.ts';

const UNRELEASED = '## Unreleased\n';

/** Versions that the changelog has a section of, the newest first. */
export function releasedVersions(changelog: string): readonly string[] {
  return [...changelog.matchAll(/^## (\d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2}$/gm)].map(([, version = '']) => version);
}

/**
 * The changelog with everything unreleased as the section of `version`.
 * @throws UserError when there is nothing, or the version isn't above what was released
 */
export function cutRelease(changelog: string, version: string, date: string): string {
  const at = changelog.indexOf(UNRELEASED);
  if (at < 0) throw new UserError('CHANGELOG.md has no section "## Unreleased"');
  const [latest] = releasedVersions(changelog);
  if (latest !== undefined && !isAbove(version, latest)) throw new UserError(`${version} isn't above ${latest}`);
  if (sectionFrom(changelog, at + UNRELEASED.length) === '') {
    throw new UserError('CHANGELOG.md has nothing under "## Unreleased"');
  }
  return changelog.replace(UNRELEASED, `${UNRELEASED}\n## ${version} - ${date}\n`);
}

/** What the changelog says of a version. @throws UserError when it says nothing */
export function notesOf(changelog: string, version: string): string {
  const heading = new RegExp(`^## ${version.replaceAll('.', '\\.')} - .*\n`, 'm').exec(changelog);
  const notes = heading === null ? '' : sectionFrom(changelog, heading.index + heading[0].length);
  if (notes === '') throw new UserError(`CHANGELOG.md says nothing of ${version}: make release VERSION=${version}`);
  return notes;
}

/** @throws UserError unless it is three numbers */
export function checkVersion(version: string | undefined): string {
  if (version !== undefined && /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(version)) return version;
  throw new UserError('VERSION is three numbers, such as VERSION=0.1.0');
}

function sectionFrom(changelog: string, start: number): string {
  const rest = changelog.slice(start);
  const end = /^## /m.exec(rest)?.index ?? rest.length;
  return rest.slice(0, end).trim();
}

function isAbove(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => text.split('.').map(Number));
  for (const [index, number] of (a ?? []).entries()) {
    const than = b?.[index] ?? 0;
    if (number !== than) return number > than;
  }
  return false;
}
