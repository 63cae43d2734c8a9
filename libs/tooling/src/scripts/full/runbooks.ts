import { withSuiteCloud } from '../e2e.ts';
import { jestStage } from '../gate/jest.ts';
import type { Stage } from '../gate/stage.ts';
import { awsCli } from '../requirements.cjs';

const SUITE = 'runbooks';

/**
 * Each alarm is caused on a stack of its own, and what docs/runbooks/alarms.md shows is done until it is off again. Its
 * commands need the AWS CLI: without it nothing is run, and the stage says so.
 */
export function runbooksStage(): Stage {
  const { name, run } = jestStage('runbooks', ['-c', 'apps/e2e/jest.config.ts'], { SUITE });
  return {
    name,
    run: async (settings) => {
      const { found, text } = awsCli(settings.environment);
      const notRun = [`not run: the commands of docs/runbooks/alarms.md (AWS CLI: ${text})`];
      if (!found) return { passed: 0, failed: 0, output: '', notRun };
      return withSuiteCloud(settings, SUITE, () => run(settings));
    },
  };
}
