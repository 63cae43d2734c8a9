import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../command.ts';
import type { Check } from '../../gate/stage.ts';
import { programEnded, programStarted } from '../../interruption.ts';
import { ownVariablesFile } from '../../local-environment.ts';
import { placeOrder, startClients } from '../../order-clients.ts';
import { outboxctl, unreconciled } from '../../own-stack.ts';
import { type Settings, UserError } from '../../settings.ts';
import { LocalTerraform, terraformLog } from '../../terraform.ts';
import { applyProgress } from '../../terraform-events.ts';
import type { Kill, Lifecycle } from './lifecycle.ts';
import { namesOf } from './names.ts';

/**
 * How long a customer waits between two orders. A table that is lost gets every order again at the end, so a stack that
 * lives for an hour mustn't have thousands.
 */
const betweenOrdersMs = 2_000;
/** After so many changes an apply counts as half-way. */
const halfWay = 3;

/** A stack that lifecycles are tried on, and the variables that it has in all of them. */
export interface LivingStack {
  readonly settings: Settings;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Does one lifecycle while customers place orders. Its check fails when the apply does, when a plan after it isn't empty,
 * when a request was refused that nothing interrupted, or when an order can't be placed afterwards.
 */
export async function live(stack: LivingStack, lifecycle: Lifecycle): Promise<Check> {
  const problems: string[] = [];
  const note = async (work: () => Promise<string | undefined>): Promise<void> => {
    try {
      const problem = await work();
      if (problem) problems.push(problem);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  };
  const before = await LocalTerraform.create(stack.settings);
  const clients = startClients(await before.output('api_endpoint'), 1, betweenOrdersMs);
  await note(() => change(stack, lifecycle));
  const { refused } = await clients.stop();
  if (lifecycle.interrupts === undefined) problems.push(...refused.slice(0, 3));
  await note(() => leftToDo(stack));
  await note(() => orderIsTaken(stack));
  return { name: lifecycle.name, problem: problems.join('\n') };
}

async function change(stack: LivingStack, lifecycle: Lifecycle): Promise<undefined> {
  const { settings } = stack;
  const { variables = {}, replace = [], deleteByHand, killedBy, atOnce = false } = lifecycle;
  await writeVariables(settings, { ...stack.variables, ...variables });
  const terraform = await LocalTerraform.create(settings);
  if (deleteByHand !== undefined) {
    const names = namesOf(settings.port, await terraform.output('api_id'));
    for (const remove of deleteByHand(names)) await remove();
  }
  const args = replace.map((address) => `-replace=${address}`);
  if (killedBy !== undefined) await apply(settings, terraform, args, killedBy);
  await Promise.all(Array.from({ length: atOnce ? 2 : 1 }, () => apply(settings, terraform, args)));
  return undefined;
}

/** The variables of the stack, as HCL takes JSON. */
export async function writeVariables(settings: Settings, variables: Readonly<Record<string, unknown>>): Promise<void> {
  const lines = Object.entries(variables).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  await writeFile(ownVariablesFile(settings), lines.join(''));
}

/** `terraform apply`, by itself: `make up` would mend what a kill left. @throws UserError with Terraform's diagnostics */
async function apply(
  settings: Settings,
  terraform: LocalTerraform,
  more: readonly string[],
  killedBy?: Kill,
): Promise<void> {
  const args = ['apply', '-json', '-auto-approve', '-input=false', '-lock-timeout=600s', '-parallelism=30', ...more];
  const child = spawn('terraform', [`-chdir=${join(settings.root, 'terraform')}`, ...args], {
    env: { ...terraform.environment, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const running = { name: 'terraform', pid: child.pid ?? 0 };
  programStarted(running);
  const progress = applyProgress(() => undefined);
  let changes = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    progress.line(line);
    if (!line.includes('"type":"apply_complete"')) return;
    changes += 1;
    if (changes === halfWay && killedBy !== undefined) end(child, killedBy);
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  await programEnded(running);
  if (killedBy !== undefined && changes < halfWay)
    throw new UserError(`The apply ended before ${killedBy} could end it`);
  if (killedBy === undefined && exitCode !== 0)
    throw new UserError(progress.failure() || `terraform exits with ${exitCode}`);
}

/** Ctrl-C is for Terraform alone, which asks its provider itself. */
function end(child: ChildProcess, by: Kill): void {
  if (child.pid !== undefined) process.kill(by === 'SIGKILL' ? -child.pid : child.pid, by);
}

/** What a plan would still change; undefined when that is nothing. */
async function leftToDo({ settings }: LivingStack): Promise<string | undefined> {
  const terraform = await LocalTerraform.create(settings);
  const args = ['plan', '-detailed-exitcode', '-input=false', '-no-color', '-compact-warnings'];
  const { exitCode, stdout } = await runCommand('terraform', [`-chdir=${join(settings.root, 'terraform')}`, ...args], {
    cwd: settings.root,
    environment: { ...terraform.environment, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
    log: terraformLog(settings, 'plan'),
    accept: [0, 2],
  });
  if (exitCode === 0) return undefined;
  const changes = stdout.split('\n').filter((line) => /^ {2}# |^Plan:/.test(line));
  return `the plan after it isn't empty:\n${changes.slice(0, 20).join('\n')}`;
}

async function orderIsTaken({ settings }: LivingStack): Promise<string | undefined> {
  const terraform = await LocalTerraform.create(settings);
  const { status, text } = await placeOrder(await terraform.output('api_endpoint'));
  return status === 201 ? undefined : `POST /orders afterwards: ${status} ${text}`;
}

/**
 * Every event is done by every consumer in the end. What was in a queue that is gone has to be published again, and what
 * a consumer set aside while something of it was missing has to be given back: both by the commands of the runbook.
 */
export async function nothingIsLost({ settings }: LivingStack): Promise<Check> {
  const { environment } = await LocalTerraform.create(settings);
  await outboxctl(settings, environment, ['reconcile', '--repair', '--grace', '0'], [0, 1]);
  const left = await unreconciled(settings, environment);
  return { name: 'every event is done by every consumer, once', problem: left ?? '' };
}
