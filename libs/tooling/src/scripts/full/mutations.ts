import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { check, type Check, checksOf, type Stage, stageEnvironment, stageLog } from '../gate/stage.ts';
import { type Settings, UserError } from '../settings.ts';
import { type Mutation, mutations } from './mutation-list.ts';

/** The fields we read of Jest's `--json` result. */
interface JestResult {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly failureMessages: readonly string[] }[];
  }[];
}

/** Each defect of the list is put into a copy of the sources, and the spec named beside it has to fail because of it. */
export function mutationsStage(): Stage {
  return {
    name: 'mutations',
    run: async (settings) => {
      const copy = join(settings.localDirectory, 'mutations');
      await copySources(settings, copy);
      const checks: Check[] = [];
      for (const mutation of mutations) {
        checks.push(await check(mutation.breaks, () => expectFound(settings, copy, mutation)));
      }
      await rm(copy, { recursive: true });
      return checksOf(checks);
    },
  };
}

/** The libraries and what Jest needs beside them. */
async function copySources({ root }: Settings, copy: string): Promise<void> {
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  for (const name of ['libs', 'jest.preset.js', 'nx.json', 'package.json', 'tsconfig.base.json']) {
    await cp(join(root, name), join(copy, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
}

/** @throws UserError unless the spec runs, fails, and says what it should */
async function expectFound(settings: Settings, copy: string, mutation: Mutation): Promise<void> {
  const { breaks, file, replace, spec, says } = mutation;
  const source = join(copy, file);
  const text = await readFile(source, 'utf8');
  await writeFile(source, mutated(text, file, replace));
  try {
    const messages = await failuresOf(settings, copy, spec);
    if (messages.length === 0) throw new UserError(`${spec} passes although ${breaks}`);
    if (!messages.some((message) => message.includes(says))) {
      throw new UserError(`${spec} fails, but not because ${breaks}: it doesn't say "${says}"\n${messages[0]}`);
    }
  } finally {
    await writeFile(source, text);
  }
}

/** The text with each replacement made. @throws UserError if one of them is not there exactly once */
export function mutated(text: string, file: string, replace: Mutation['replace']): string {
  return replace.reduce((before, [from, to]) => {
    const places = before.split(from).length - 1;
    if (places !== 1) throw new UserError(`${file} has ${places} times: ${from}\nAdapt it in mutation-list.ts`);
    return before.replace(from, () => to);
  }, text);
}

/** What the failed tests of a spec say. */
async function failuresOf(settings: Settings, copy: string, spec: string): Promise<readonly string[]> {
  const result = join(copy, 'result.json');
  await rm(result, { force: true });
  const [project] = spec.split('/src/');
  await runCommand('jest', ['-c', `${project}/jest.config.ts`, `${spec}$`, '--json', `--outputFile=${result}`], {
    cwd: copy,
    environment: stageEnvironment(settings),
    log: stageLog(settings, 'mutations'),
    accept: [0, 1],
  });
  const { testResults } = JSON.parse(await readFile(result, 'utf8')) as JestResult;
  const [suite] = testResults;
  if (!suite || suite.assertionResults.length === 0) throw new UserError(`${spec} can't be run: ${suite?.message}`);
  return suite.assertionResults.flatMap(({ fullName, failureMessages }) =>
    failureMessages.map((message) => `${fullName}\n${message}`),
  );
}
