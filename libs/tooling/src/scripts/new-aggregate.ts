import { join } from 'node:path';
import { runCommand } from './command.ts';
import { generate } from './generate.ts';
import { type Settings, UserError } from './settings.ts';

/**
 * `make new-aggregate NAME= EVENTS=`: the Nx generator `aggregate` of this workspace, then what is derived from the events:
 * JSON Schema, AsyncAPI, and the contract that Terraform reads. Returns the generator's exit code.
 * @throws UserError when NAME or EVENTS is missing, or the contract can't be written
 */
export async function newAggregate(settings: Settings): Promise<number> {
  const { root, localDirectory, environment } = settings;
  const { NAME: name, EVENTS: events } = environment;
  const example = 'make new-aggregate NAME=invoice EVENTS=Issued,Paid';
  if (!name) throw new UserError(`NAME= is missing: ${example}`);
  if (!events) throw new UserError(`EVENTS= is missing: ${example}`);
  const exitCode = await generate(settings, 'aggregate', { name, events });
  if (exitCode !== 0) return exitCode;

  const jest = ['-c', 'libs/orders/events/jest.config.ts', 'contracts.spec.ts'];
  await runCommand('jest', jest, {
    cwd: root,
    environment: { ...environment, UPDATE_CONTRACTS: '1', UPDATE_DOCS: '1' },
    log: join(localDirectory, 'logs', 'new-aggregate.log'),
  });
  console.log(`
Also written: libs/orders/events/contracts, libs/orders/events/contract.json, docs/reference/asyncapi.json.
A released schema is never edited. Until it is released: change it, delete its file in contracts, and write that again with

  UPDATE_CONTRACTS=1 UPDATE_DOCS=1 npx jest ${jest.join(' ')}`);
  return 0;
}
