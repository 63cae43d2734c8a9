import { Progress } from './progress.ts';

function recorded(
  isTTY: boolean,
  color: boolean,
): { progress: Progress; text: () => string; pass: (ms: number) => void } {
  let now = 0;
  let text = '';
  const terminal = { isTTY, write: (part: string) => (text += part) };
  return {
    progress: new Progress({ terminal, now: () => now, color }),
    text: () => text,
    pass: (ms) => (now += ms),
  };
}

describe('progress', () => {
  it('is one plain line per step where the output is no terminal', async () => {
    const { progress, text, pass } = recorded(false, false);

    await progress.step('build', async () => {
      pass(1_250);
      return '12 tasks';
    });

    expect(text()).toBe('✓    1.3 s  build              12 tasks\n');
  });

  it('marks the step that failed and passes its error on', async () => {
    const { progress, text } = recorded(false, false);

    await expect(progress.step('apply', () => Promise.reject(new Error('denied')))).rejects.toThrow('denied');
    expect(text()).toBe('✗    0.0 s  apply              failed\n');
  });

  it('redraws one line on a terminal, in colour unless that is not wanted', async () => {
    const plain = recorded(true, false);
    await plain.progress.step('build', async () => 'done');
    const colored = recorded(true, true);
    await colored.progress.step('build', async () => 'done');

    expect(plain.text().split('\n')).toHaveLength(2);
    expect(plain.text()).not.toContain('\u001b[3');
    expect(colored.text()).toContain('\u001b[32m✓\u001b[0m');
  });
});
