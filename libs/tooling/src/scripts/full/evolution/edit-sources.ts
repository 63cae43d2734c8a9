import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../command.ts';
import { stageEnvironment, stageLog } from '../../gate/stage.ts';
import type { Settings } from '../../settings.ts';

/**
 * Replaces a text of a file in the repository.
 * @throws when the file doesn't hold it: then it is laid out otherwise than this suite believes
 */
export async function edit(root: string, file: string, from: string | RegExp, to: string): Promise<void> {
  const path = join(root, file);
  const text = await readFile(path, 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${file} is laid out in another way: no ${String(from)} found`);
  await writeFile(path, changed);
}

/**
 * A further version of OrderUpdated, which whoever changes an order sends from then on; and a further event, which
 * orders-api sends for a confirmation. Then what docs/runbooks/changing-events.md says.
 */
export async function changeTheEvents(settings: Settings): Promise<void> {
  const events = 'libs/orders/events/src/order.ts';
  await edit(settings.root, events, /^/, "import * as z from 'zod/mini';\n");
  await edit(
    settings.root,
    events,
    'v1: orderUpdatedV1 }',
    'v1: orderUpdatedV1, v2: z.extend(orderUpdatedV1, { note: z.optional(z.string()) }) }, Confirmed: { v1: orderUpdatedV1 }',
  );
  await edit(
    settings.root,
    'apps/orders-api/src/handler.ts',
    'orderEvents.Updated(',
    "orderEvents[order.status === 'CONFIRMED' ? 'Confirmed' : 'Updated'](",
  );
  await runCommand('nx', ['test', 'orders-events'], {
    cwd: settings.root,
    environment: { ...stageEnvironment(settings), CI: undefined, UPDATE_CONTRACTS: '1', UPDATE_DOCS: '1' },
    log: stageLog(settings, 'evolution-contracts'),
  });
}

/** A consumer of every event of an order, as `make new-consumer` writes it. */
export async function addConsumer(settings: Settings, NAME: string, POLICY: string): Promise<void> {
  const script = join('libs', 'tooling', 'src', 'scripts', 'run.ts');
  await runCommand(process.execPath, ['--disable-warning=ExperimentalWarning', script, 'new-consumer'], {
    cwd: settings.root,
    environment: { ...stageEnvironment(settings), NAME, POLICY, ON: 'order' },
    log: stageLog(settings, `evolution-${NAME}`),
  });
}

const variables = 'terraform/variables.tf';

/** Has a consumer's stack say another policy. */
export function changePolicy({ root }: Settings, name: string, from: string, to: string): Promise<void> {
  return edit(root, variables, new RegExp(`^( {4}${name} +=.*)policy = "${from}"`, 'm'), `$1policy = "${to}"`);
}

/** Takes a consumer out of the repository. */
export async function removeConsumer({ root }: Settings, name: string): Promise<void> {
  await edit(root, variables, new RegExp(`^ {4}${name} +=.*\n`, 'm'), '');
  await edit(root, 'apps/e2e/project.json', new RegExp(`,\\s*"${name}"`), '');
  await rm(join(root, 'apps', name), { recursive: true });
}
