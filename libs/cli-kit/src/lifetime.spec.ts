import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import { Lifetime } from './lifetime';

/** A process whose standard output fails with `failure`, if there is one. */
function setUp(failure?: string) {
  const exits: number[] = [];
  const complaints: string[] = [];
  const written = { out: '', err: '' };
  const sink = (name: 'out' | 'err', code?: string) => {
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (code !== undefined) return done(Object.assign(new Error(`${code}: write`), { code }));
        written[name] += chunk.toString();
        done();
      },
      // As the standard streams of a process: an error does not end them.
      autoDestroy: false,
    });
    return stream;
  };
  const host = Object.assign(new EventEmitter(), {
    stdout: sink('out', failure),
    stderr: sink('err'),
    exit: (exitCode: number) => void exits.push(exitCode),
  });
  const lifetime = new Lifetime('program', host, (error) => void complaints.push(error.message));
  const signal = (name: NodeJS.Signals) => void host.emit(name);
  return { lifetime, signal, exits, complaints, written, host };
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the end of a run', () => {
  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('comes at once by %s where nothing is changed, with exit code %i', (name, exitCode) => {
    const { signal, exits, lifetime } = setUp();
    signal(name);
    expect(exits).toEqual([exitCode]);
    expect(lifetime.exitCodeAfter(0)).toBe(exitCode);
  });

  it('comes when the output is written, though calls are still open', async () => {
    const { lifetime, exits, host } = setUp();
    let written = (): void => undefined;
    const write = (_text: string, done: () => void): boolean => {
      written = done;
      return true;
    };
    Object.assign(host.stdout, { write });
    lifetime.end(3);
    await tick();
    expect(exits).toEqual([]);
    written();
    await tick();
    expect(exits).toEqual([3]);
  });

  it('waits for what is being changed, which is told to stop', async () => {
    const { lifetime, signal, exits, written } = setUp();
    let finish = (): void => undefined;
    const work = lifetime.protect(async (stop) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return stop.aborted;
    });
    signal('SIGTERM');
    expect(exits).toEqual([]);
    expect(written.err).toContain('program: finishing what is in hand');
    finish();
    expect(await work).toBe(true);
    expect([exits, lifetime.exitCodeAfter(0)]).toEqual([[], 143]);
  });

  it('comes at once when it is asked for twice', () => {
    const { lifetime, signal, exits } = setUp();
    void lifetime.protect(() => new Promise(() => undefined));
    signal('SIGINT');
    signal('SIGINT');
    expect(exits).toEqual([130]);
  });

  it('comes by the loss of whoever started it, which is no second request', () => {
    const { lifetime, signal, exits } = setUp();
    void lifetime.protect(() => new Promise(() => undefined));
    signal('SIGINT');
    lifetime.orphaned();
    expect([exits, lifetime.exitCodeAfter(0)]).toEqual([[], 130]);
    const reading = setUp();
    reading.lifetime.orphaned();
    expect(reading.exits).toEqual([143]);
  });

  it('comes at once and quietly when nobody reads the output', async () => {
    const { lifetime, exits, complaints, written } = setUp('EPIPE');
    lifetime.print('one');
    await tick();
    expect({ exits, complaints, err: written.err }).toEqual({ exits: [141], complaints: [], err: '' });
  });

  it('does not cut a change short because nobody reads the output', async () => {
    const { lifetime, exits } = setUp('EPIPE');
    const done = await lifetime.protect(async (stop) => {
      lifetime.print('one');
      await tick();
      lifetime.print('two');
      await tick();
      return !stop.aborted;
    });
    expect([done, exits, lifetime.exitCodeAfter(0)]).toEqual([true, [], 141]);
  });

  it('says once why the output can’t be written, and fails', async () => {
    const { lifetime, exits, complaints } = setUp('ENOSPC');
    await lifetime.protect(async () => {
      lifetime.print('one');
      lifetime.print('two');
      await tick();
    });
    expect({ exits, complaints, exitCode: lifetime.exitCodeAfter(0) }).toEqual({
      exits: [],
      complaints: ['ENOSPC: write'],
      exitCode: 1,
    });
  });

  it('does not care whether anybody reads progress', async () => {
    const { lifetime, host, exits } = setUp();
    host.stderr.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    lifetime.progress('half');
    await tick();
    expect([exits, lifetime.exitCodeAfter(0)]).toEqual([[], 0]);
  });
});

describe('a status line', () => {
  it('is written over by the next, and gone before anything else is written', () => {
    const { lifetime, written } = setUp();
    lifetime.status('1 done');
    lifetime.status('2 done');
    lifetime.print('found one');
    lifetime.print('found two');
    expect(written).toEqual({ out: 'found one\nfound two\n', err: '\r\u001b[K1 done\r\u001b[K2 done\r\u001b[K' });
  });
});
