import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checks } from '../requirements.cjs';
import type { Settings } from '../settings.ts';
import { stageEnvironment, type Tally } from './stage.ts';

/** Which stages passed, by name: how many each counted. */
type Passed = Readonly<Record<string, number>>;

/** What earlier gates of a clone found out about what it holds now. */
export interface PassedBefore {
  /** The tally of a stage that passed on exactly this content; undefined when it has to run. */
  recall(stage: string): Tally | undefined;
  /** Keeps a stage's result for the next gate, unless it failed, left something out, or files changed meanwhile. */
  note(stage: string, tally: Tally): void;
}

/**
 * Reads what passed before, from the clone's `.local`. Nothing counts when a file's content, the version of a tool or a
 * variable of the stages is another than then, when `FORCE` is set, or where Git can't tell which files there are.
 */
export function readPassedBefore(settings: Settings, tools: readonly string[] = versionsOfTools()): PassedBefore {
  const file = join(settings.localDirectory, 'gate-passed.json');
  const surroundings = surroundingsOf(settings, tools);
  const mark = markOf(settings, surroundings);
  if (settings.environment['FORCE']) rmSync(file, { force: true });
  let passed: Passed = readPassed(file, mark);
  return {
    recall: (stage) => {
      const count = passed[stage];
      return count === undefined ? undefined : { passed: count, failed: 0, output: '' };
    },
    note: (stage, { passed: count, failed, notRun = [] }) => {
      if (failed > 0 || notRun.length > 0 || mark === undefined || markOf(settings, surroundings) !== mark) return;
      passed = { ...passed, [stage]: count };
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify({ mark, passed }));
      renameSync(`${file}.new`, file);
    },
  };
}

function readPassed(file: string, mark: string | undefined): Passed {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { readonly mark?: string; readonly passed?: Passed };
    return mark !== undefined && kept.mark === mark ? (kept.passed ?? {}) : {};
  } catch {
    return {};
  }
}

/** Variables that tell one terminal from another, and nothing of what a test sees. */
const ofTheTerminal =
  /^(_|PWD|OLDPWD|SHLVL|TERM|TERM_\w+|COLORTERM|COLUMNS|LINES|LS_COLORS|DISPLAY|WINDOWID|(SSH|TMUX|VSCODE|XDG)_\w+|TMUX)$/;

/** What decides on a stage beside the clone's files: the tools it finds, and its variables. */
function surroundingsOf(settings: Settings, tools: readonly string[]): string {
  const variables = Object.entries(stageEnvironment(settings)).filter(([name]) => !ofTheTerminal.test(name));
  return JSON.stringify([tools, variables.sort()]);
}

function versionsOfTools(): readonly string[] {
  return Object.values(checks).map((check) => check().found ?? 'none');
}

/** One text for all files that Git tracks or would track, by content, and the surroundings. */
function markOf({ root }: Settings, surroundings: string): string | undefined {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (listed.status !== 0) return undefined;
  const hash = createHash('sha256').update(surroundings);
  for (const name of new Set(listed.stdout.split('\0').sort())) {
    const content = contentOf(join(root, name));
    hash.update(`${name}\0${content?.length ?? 'none'}\0`).update(content ?? '');
  }
  return hash.digest('hex');
}

/** Undefined for what was deleted and not committed, and for a folder. */
function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
