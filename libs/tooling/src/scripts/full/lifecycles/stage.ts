import { join } from 'node:path';
import { stopBackground } from '../../background.ts';
import { buildArtifacts } from '../../artifacts.ts';
import { checksOf, type Check, type Stage } from '../../gate/stage.ts';
import { ownSettings } from '../../own-stack.ts';
import { silently, silentProgress } from '../../progress.ts';
import { bringUp } from '../../up.ts';
import { artifactsWith } from './guests.ts';
import { guests, lifecycles } from './list.ts';
import { live, nothingIsLost, writeVariables } from './run.ts';

/**
 * What a stack goes through in years (list.ts), on one stack while customers place orders. After each lifecycle there is
 * nothing left to apply, and at the end no event is lost. LIFECYCLES picks those whose names contain one of its texts,
 * separated by commas.
 */
export function lifecyclesStage(): Stage {
  return {
    name: 'lifecycles',
    run: async (host) => {
      const settings = await ownSettings(host, join(host.localDirectory, 'lifecycles'));
      try {
        await buildArtifacts(settings, 'all', silently);
        const stack = { settings, variables: { artifacts_dir: await artifactsWith(settings, guests) } };
        await writeVariables(settings, stack.variables);
        await bringUp(settings, silentProgress);
        const wanted = (host.environment['LIFECYCLES'] ?? '').split(',');
        const chosen = lifecycles.filter(({ name }) => wanted.some((text) => name.includes(text)));
        const checks: Check[] = [];
        for (const lifecycle of chosen) checks.push(await reported(live(stack, lifecycle)));
        checks.push(await reported(nothingIsLost(stack)));
        return checksOf(checks);
      } finally {
        await stopBackground(settings);
      }
    },
  };
}

/** Tells of each as it ends: all of them take most of an hour. */
async function reported(work: Promise<Check>): Promise<Check> {
  const started = performance.now();
  const check = await work;
  const seconds = `${((performance.now() - started) / 1000).toFixed(0)} s`.padStart(6);
  console.log(`  ${check.problem === '' ? '✓' : '✗'} ${seconds}  ${check.name}`);
  if (check.problem !== '') console.log(check.problem);
  return check;
}
