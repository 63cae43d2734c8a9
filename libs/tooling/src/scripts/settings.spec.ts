import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { defaultPort, loadSettings, portFile, wantsNoStack } from './settings.ts';

describe('the port of a clone', () => {
  let localDirectory: string;
  beforeEach(() => (localDirectory = mkdtempSync(`${tmpdir()}/outbox-settings-`)));
  afterEach(() => rmSync(localDirectory, { recursive: true }));

  const port = (asked?: string): number =>
    loadSettings('/clone', { LOCAL_CLOUD_DIRECTORY: localDirectory, LOCAL_CLOUD_PORT: asked }).port;

  it('is the one asked for, else the one it used last', () => {
    writeFileSync(portFile(localDirectory), '5000\n');

    expect(port('6000')).toBe(6000);
    expect(port()).toBe(5000);
    expect(() => port('70000')).toThrow('LOCAL_CLOUD_PORT must be a number from 1 to 65535, not "70000"');
  });

  it.each(['', 'x', '0', '1e9'])('is the default where nothing sensible is remembered: "%s"', (text) => {
    writeFileSync(portFile(localDirectory), text);

    expect(port()).toBe(defaultPort);
  });
});

it('does without a stack for STACK=none alone', () => {
  const wanted = (STACK?: string): boolean => wantsNoStack(loadSettings('/clone', { STACK }));

  expect([wanted(), wanted(''), wanted('none')]).toEqual([false, false, true]);
  expect(() => wanted('other')).toThrow('STACK is none, or not set: not other');
});
