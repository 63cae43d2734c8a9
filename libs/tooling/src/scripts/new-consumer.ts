import { runAttached } from './command.ts';
import { type Settings, UserError } from './settings.ts';

const policies = ['once', 'in-order', 'latest'];

/**
 * `make new-consumer NAME= POLICY=`: the Nx generator `consumer` of this workspace. Returns its exit code.
 * @throws UserError when NAME is missing, or POLICY is none; whether the name is free the generator says
 */
export function newConsumer(settings: Settings): Promise<number> {
  const { NAME: name, POLICY: policy } = settings.environment;
  if (!name) throw new UserError('NAME= is missing: make new-consumer NAME=audit POLICY=in-order');
  if (policy === undefined || !policies.includes(policy)) {
    throw new UserError(
      `POLICY=${policy ?? ''} is none: once (one effect per created order), in-order (every version, one after the other) or latest (the newest version of an order)`,
    );
  }
  return runAttached('nx', ['generate', './libs/tooling:consumer', `--name=${name}`, `--policy=${policy}`], {
    cwd: settings.root,
    environment: { ...settings.environment, NX_DAEMON: 'false', NX_TUI: 'false' },
  });
}
