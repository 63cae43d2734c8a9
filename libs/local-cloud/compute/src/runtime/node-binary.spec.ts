import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeBinaries } from './node-binary';

describe('the Node.js of a runtime', () => {
  const folder = mkdtempSync(join(tmpdir(), 'node-binary-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const own = { path: '/usr/bin/node', version: '22.1.0' };
  const nodes = new NodeBinaries([folder], own);

  const install = (name: string, version: string) => {
    const at = join(folder, 'node_modules', name);
    mkdirSync(join(at, 'bin'), { recursive: true });
    writeFileSync(join(at, 'package.json'), JSON.stringify({ version }));
    writeFileSync(join(at, 'bin', 'node'), '');
    return { path: join(at, 'bin', 'node'), version };
  };

  it('is the one that runs the engine, where that is of its major version', () => {
    expect(nodes.find('nodejs22.x', 'CreateFunction')).toEqual(own);
  });

  it('is said how to install where it is missing, and found once it is', () => {
    expect(nodes.has('nodejs20.x')).toBe(false);
    const refused = () => nodes.find('nodejs20.x', 'CreateFunction');
    expect(refused).toThrow(
      /the runtime nodejs20\.x without its Node\.js \(npm install --save-dev nodejs20\.x@npm:node-\S+@20\), it runs nodejs22\.x: lambda:CreateFunction/,
    );
    const installed = install('nodejs20.x', '20.20.2');
    expect(nodes.find('nodejs20.x', 'CreateFunction')).toEqual(installed);
  });

  it('is never of another major version, whatever the package is called', () => {
    install('nodejs24.x', '23.0.0');
    expect(nodes.has('nodejs24.x')).toBe(false);
  });

  it.each(['python3.13', 'nodejs18.x', 'provided.al2023'])('is none for %s', (runtime) => {
    const refused = () => nodes.find(runtime, 'CreateFunction');
    expect(refused).toThrow(`the runtime ${runtime}, it runs nodejs20.x and nodejs22.x`);
  });
});
