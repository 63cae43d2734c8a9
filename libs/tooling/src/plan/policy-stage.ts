import { cp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runCommand } from '../scripts/command.ts';
import { type Stage, type Tally } from '../scripts/gate/stage.ts';
import { options } from '../scripts/gate/terraform.ts';
import type { Settings } from '../scripts/settings.ts';
import { serveAccount } from './account-endpoint.ts';
import { parsePlan } from './plan-json.ts';
import { isBroken, judge, renderVerdicts } from './policy/judge.ts';

/** Any account: nothing is looked up in it. */
const account = '111122223333';

/** The gate's policy stage: the stack is planned from nothing with prod's values and judged. Counts one per rule. */
export function policyStage(): Stage {
  return {
    name: 'policy',
    run: async (settings): Promise<Tally> => {
      const verdicts = judge(parsePlan(await planFromNothing(settings)));
      const failed = verdicts.filter(isBroken).length;
      return { passed: verdicts.length - failed, failed, output: renderVerdicts(verdicts, 'text') };
    },
  };
}

/** In a copy without backend and state: whatever an adopter deployed from this clone is neither read nor needed. */
async function planFromNothing(settings: Settings): Promise<string> {
  const source = join(settings.root, 'terraform');
  const copy = join(settings.localDirectory, 'test-terraform', 'policy-plan');
  await rm(copy, { recursive: true, force: true });
  await cp(source, copy, {
    recursive: true,
    filter: (path) => !/^(backend\.tf|\.terraform|.*\.tfstate.*)$/.test(basename(path)),
  });
  // The configuration reads the events' contract, at this path beside it.
  const contract = join('libs', 'orders', 'events', 'contract.json');
  await cp(join(settings.root, contract), join(copy, '..', contract));
  const endpoint = await serveAccount(account);
  try {
    const step = async (name: string): Promise<Awaited<ReturnType<typeof options>>> => {
      const usual = await options(settings, source, `policy-${name}`);
      return { ...usual, cwd: copy, environment: { ...usual.environment, AWS_ENDPOINT_URL: endpoint.url } };
    };
    await runCommand(
      'terraform',
      ['init', '-backend=false', '-input=false', '-no-color', '-lockfile=readonly'],
      await step('init'),
    );
    const variables = [
      '-var-file=environments/prod.tfvars',
      '-var=allowed_account_ids=null',
      '-var=alarm_topic_arns=["arn:aws:sns:us-east-1:111122223333:on-call"]',
      '-var=artifacts_dir=./tests/fixtures',
    ];
    await runCommand(
      'terraform',
      ['plan', '-input=false', '-no-color', '-lock=false', '-out=policy.tfplan', ...variables],
      await step('plan'),
    );
    return (await runCommand('terraform', ['show', '-json', 'policy.tfplan'], await step('show'))).stdout;
  } finally {
    await endpoint.close();
  }
}
