import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adviceFor, unwritable } from './unwritable.cjs';

describe('a folder that may not be written', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'outbox-unwritable-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is named with its owner and what to do, in one line', () => {
    const path = join(folder, 'logs', 'build.log');
    const { uid } = statSync(folder);
    const user = jest.spyOn(process, 'getuid').mockReturnValue(uid + 1);
    const told = adviceFor({ code: 'EACCES', path });
    user.mockRestore();

    expect(told).toBe(
      `${path} can't be read or written: ${folder} belongs to user ${uid}, and you are user ${uid + 1}. ` +
        `Make it yours (sudo chown -R ${uid + 1} ${folder}), or work in a clone of your own`,
    );
  });

  it.each([
    ['EACCES', 'the mode of'],
    ['EROFS', 'read-only'],
    ['ENOSPC', 'full'],
  ])('%s: %s', (code, text) => {
    expect(adviceFor({ code, path: folder })).toContain(text);
  });

  it('is not what other errors are about', () => {
    expect(adviceFor({ code: 'ENOENT', path: folder })).toBeUndefined();
    expect(adviceFor({ code: 'EACCES' })).toBeUndefined();
  });

  it('is none where everything can be made', () => {
    expect(unwritable([folder, join(folder, 'not', 'there')])).toBeUndefined();
  });

  it('is found before anything is done', () => {
    // Not even root may make a file there.
    expect(unwritable([folder, '/proc/self/none'])).toMatch(/^\/proc\/self\/none can't be /);
  });
});
