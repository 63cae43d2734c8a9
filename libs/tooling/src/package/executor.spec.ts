import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { strFromU8, unzipSync } from 'fflate';
import { writeFunctionZip } from './executor';
import { reproducibleZip } from './reproducible-zip';

const bundle = { 'index.js': Buffer.from(`exports.handler=async()=>"${'outbox '.repeat(200)}";`) };

/** Pinned: any Node version, zone or umask that gives other bytes breaks the promise "No changes". */
const pinnedSha256 = '6e429838cf81c583375f352f6fadb0cb4ca39b0babff1eb587e23406aa825fe1';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a function zip', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'outbox-package-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function zipOfBundleIn(folder: string, mode: number): Promise<Buffer> {
    const from = join(directory, folder, 'bundle');
    await mkdir(from, { recursive: true });
    await writeFile(join(from, 'index.js'), bundle['index.js']);
    await chmod(join(from, 'index.js'), mode);
    await writeFunctionZip(directory, join(directory, folder), 'app');
    return readFile(join(directory, folder, 'app.zip'));
  }

  it('holds the bundle at its root', async () => {
    const entries = unzipSync(await zipOfBundleIn('content', 0o644));

    expect(Object.keys(entries)).toEqual(['index.js']);
    expect(strFromU8(entries['index.js'] ?? new Uint8Array())).toBe(bundle['index.js'].toString());
  });

  it('is the same bytes whatever directory and file mode it was built from', async () => {
    expect(sha256(await zipOfBundleIn('here', 0o644))).toBe(pinnedSha256);
    expect(sha256(await zipOfBundleIn('and/over there', 0o600))).toBe(pinnedSha256);
  });

  it('does not depend on the order in which files were found', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')];

    expect(reproducibleZip({ b, a })).toEqual(reproducibleZip({ a, b }));
  });

  it('gives every entry the mode 0644 and the time 1980-01-01 00:00', () => {
    const zip = Buffer.from(reproducibleZip(bundle));
    const central = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));

    expect(zip.readUInt32LE(central + 38) >>> 16).toBe(0o100644);
    expect(zip.readUInt32LE(central + 12)).toBe(((1 << 5) | 1) << 16);
  });

  it('is the same bytes in other time zones, under another umask and on every Node of this machine', () => {
    const script = join(directory, 'zip.cjs');
    buildSync({
      stdin: {
        contents: `import { reproducibleZip } from './reproducible-zip';
          process.stdout.write(reproducibleZip({ 'index.js': Buffer.from(process.argv[2], 'base64') }));`,
        resolveDir: __dirname,
      },
      bundle: true,
      platform: 'node',
      outfile: script,
    });
    const zones = ['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kolkata'];

    for (const node of nodesOnPath()) {
      for (const TZ of zones) {
        const command = 'umask 077; exec "$0" "$1" "$2"';
        const zip = execFileSync('sh', ['-c', command, node, script, bundle['index.js'].toString('base64')], {
          env: { TZ },
        });
        expect({ node, TZ, sha256: sha256(zip) }).toEqual({ node, TZ, sha256: pinnedSha256 });
      }
    }
  });

  it('names itself in stack traces by its code, and has a source map of that name beside it', async () => {
    const source = join(directory, 'apps', 'thrower', 'src', 'handler.ts');
    const output = join(directory, 'dist', 'apps', 'thrower');
    await mkdir(dirname(source), { recursive: true });
    const code = [
      'type Text = string;',
      'export function handler(text: Text): never {',
      '  throw new Error(text);',
      '}',
    ];
    const packed = async (): Promise<string> => {
      await writeFile(source, code.join('\n'));
      const outfile = join(output, 'bundle', 'index.js');
      buildSync({ entryPoints: [source], outfile, minify: true, format: 'cjs', sourcemap: 'external' });
      await writeFunctionZip(directory, output, 'thrower');
      const entries = unzipSync(await readFile(join(output, 'thrower.zip')));
      expect(Object.keys(entries)).toEqual(['index.js']);
      return strFromU8(entries['index.js'] ?? new Uint8Array());
    };
    await writeFile(join(directory, 'thrower.cjs'), await packed());
    const stack = execFileSync(
      process.execPath,
      ['-e', "try { require('./thrower.cjs').handler('x') } catch ({ stack }) { console.log(stack) }"],
      { cwd: directory, encoding: 'utf8' },
    );
    const [, name = '', line, column] = /\((thrower-[0-9a-f]{12}\.js):(\d+):(\d+)\)/.exec(stack) ?? [];
    const [map = ''] = await readdir(join(output, 'maps'));
    expect(map).toBe(`${name}.map`);
    const payload = JSON.parse(await readFile(join(output, 'maps', map), 'utf8')) as SourceMapPayload;
    expect(new SourceMap(payload).findOrigin(Number(line), Number(column))).toMatchObject({
      fileName: 'apps/thrower/src/handler.ts',
      lineNumber: 3,
    });

    code.push('export const more = 1;');
    await packed();
    expect(await readdir(join(output, 'maps'))).toEqual([expect.not.stringContaining(map)]);
  });

  it('refuses an empty bundle', async () => {
    await mkdir(join(directory, 'empty', 'bundle'), { recursive: true });

    await expect(writeFunctionZip(directory, join(directory, 'empty'), 'app')).rejects.toThrow('Nothing to pack');
  });
});

function nodesOnPath(): readonly string[] {
  const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return [...new Set([process.execPath, ...found.filter((path) => existsSync(path))])];
}
