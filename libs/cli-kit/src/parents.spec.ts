import { watchNpx, type Processes } from './parents';

/** This process under a shell under npx, and a clock that looks when it is told. */
function setUp(environment: Record<string, string>) {
  const tree = new Map<string, number>([
    ['me', 20],
    ['20', 10],
  ]);
  let look = (): void => undefined;
  const processes: Processes = {
    parent: () => tree.get('me') ?? 1,
    parentOf: (pid) => tree.get(String(pid)),
    every: (_ms, callback) => {
      look = callback;
      return { unref: () => undefined };
    },
  };
  let gone = 0;
  watchNpx(environment, () => (gone += 1), processes);
  return { tree, look: () => look(), gone: () => gone };
}

describe('npx, when it started the program', () => {
  it.each([
    ['shell, by a signal that npx passed on', 'me'],
    ['shell’s parent, by SIGKILL', '20'],
  ])('is seen to be gone by the end of its %s', (_what, child) => {
    const { tree, look, gone } = setUp({ npm_command: 'exec' });
    look();
    expect(gone()).toBe(0);
    tree.set(child, 1);
    look();
    look();
    expect(gone()).toBe(1);
  });

  it('is no matter otherwise: whoever started the program may end', () => {
    const { tree, look, gone } = setUp({});
    tree.set('me', 1);
    look();
    expect(gone()).toBe(0);
  });
});
