import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package of others that a bundle holds code of. */
interface ThirdParty {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** The texts that its licence asks to hand on: its licence, and its own notice where it has one. */
  readonly texts: readonly string[];
}

/** Licences that let their code be handed on under these terms: with their text, and nothing else of the receiver. */
const ALLOWED: ReadonlySet<string> = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']);

/** Folders of the npm packages that a bundle holds code of, by the comment that esbuild writes before each file. */
export function packagesIn(bundle: string): readonly string[] {
  const files = bundle.matchAll(/^\s*\/\/ (?:\.\.\/)*(node_modules\/\S+)$/gm);
  const folders = [...files].map(([, path = '']) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
  return [...new Set(folders)].sort();
}

/**
 * The NOTICE of a package with a bundle in it: whose code is in there, and the licences that go with it. Equal texts stand
 * once, after all whose they are.
 * @throws Error naming a package without a licence that is known to allow it, or without its text
 */
export async function thirdPartyNotices(root: string, bundle: string): Promise<string> {
  const found = await Promise.all(packagesIn(bundle).map((folder) => readParty(root, folder)));
  const parties = found.map((party) => withText(party, found));
  const byText = new Map<string, string[]>();
  for (const { name, version, licence, texts } of parties) {
    for (const text of texts) {
      byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${licence})`]);
    }
  }
  const sections = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  const head = 'The program in bin/ holds code of these packages, under the licences that follow their names.\n';
  return [head, ...sections].join(`\n${'-'.repeat(80)}\n\n`);
}

/** A package of the Apache licence that doesn't bring its text has that of another: it is the same, and names nobody. */
function withText(party: ThirdParty, all: readonly ThirdParty[]): ThirdParty {
  if (party.texts.length > 0) return party;
  const { name, licence } = party;
  const other = licence === 'Apache-2.0' ? all.find((each) => each.licence === licence && each.texts[0]) : undefined;
  if (!other) throw new Error(`${name} is bundled, and has no text of its licence (${licence})`);
  return { ...party, texts: other.texts.slice(0, 1) };
}

async function readParty(root: string, folder: string): Promise<ThirdParty> {
  const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const { name, version, license: licence = 'none' } = manifest;
  if (!ALLOWED.has(licence))
    throw new Error(`${name} is bundled, and its licence (${licence}) isn't known to allow it`);
  const files = (await readdir(join(root, folder))).filter((file) => /^(licen[cs]e|notice)\b/i.test(file)).sort();
  const texts = await Promise.all(files.map(async (file) => (await readFile(join(root, folder, file), 'utf8')).trim()));
  return { name, version, licence, texts };
}
