import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { completionScript } from './completion';

function program(): Command {
  const tree = new Command('prog').option('--json', 'machine-readable output');
  const dlq = tree.command('dlq').description('dead letters');
  dlq.command('list').description('how many').option('--no-reasons', 'count only');
  dlq.command('show').description("it's all: shown").option('--limit <n>', 'how many at most');
  tree.command('lag').description('is anything behind').option('-w, --watch', 'again and again');
  return tree;
}

/** What bash offers for the last of some words. */
function bash(...words: string[]): string[] {
  const script = `${completionScript(program(), 'bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _prog; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion for bash', () => {
  it.each([
    [
      ['prog', ''],
      ['dlq', 'lag', '--json', '--help'],
    ],
    [['prog', 'l'], ['lag']],
    [
      ['prog', 'dlq', ''],
      ['list', 'show', '--json', '--help'],
    ],
    [['prog', '--json', 'dlq', 'show', '--l'], ['--limit']],
    [
      ['prog', 'lag', '--'],
      ['--watch', '--json', '--help'],
    ],
    // A word after a command is a value, whatever it is called.
    [['prog', 'dlq', 'list', 'lag', '--n'], ['--no-reasons']],
  ])('offers after %j', (words, offered) => {
    expect(bash(...words)).toEqual(offered);
  });
});

describe('completion for other shells', () => {
  it('knows the same places and words in zsh', () => {
    const script = completionScript(program(), 'zsh');
    expect(script).toMatch(/^#compdef prog\n/);
    expect(script).toContain("'./dlq') compadd -- list show --json --help ;;");
    expect(script).toContain('./dlq|./dlq/list|./dlq/show|./lag) place=');
  });

  it('knows the same in fish, with what each is for', () => {
    const script = completionScript(program(), 'fish');
    expect(script).toContain(`complete -c prog -n 'test (__prog_place) = ./dlq' -f -a show -d 'it'\\''s all'`);
    expect(script).toContain(`-n 'test (__prog_place) = ./lag' -l watch -d 'again and again'`);
    expect(script).toContain('case ./dlq ./dlq/list ./dlq/show ./lag\n');
  });
});
