import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreatePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { buildArtifacts } from '../../artifacts.ts';
import { stopBackground } from '../../background.ts';
import { runCommand } from '../../command.ts';
import { check, checksOf, type Check, type Stage } from '../../gate/stage.ts';
import { ensureLocalCloud } from '../../local-cloud.ts';
import { localAccount, localRegion } from '../../local-environment.ts';
import { artifactsWith } from '../lifecycles/guests.ts';
import { writeVariables } from '../lifecycles/run.ts';
import { ownSettings } from '../../own-stack.ts';
import { silently } from '../../progress.ts';
import type { Settings } from '../../settings.ts';
import { LocalTerraform } from '../../terraform.ts';
import { actionsOf, type PolicyDocument, policyFor, policyOf, type Use } from './policy.ts';

const DOCUMENT = 'docs/reference/deploy-policy.json';
/** Not a name of the stack's: it mustn't be able to change itself. */
const ROLE = 'deployer';
/** Bounds the stack's roles; platform teams have one that others may not change. */
const BOUNDARY = 'boundary';
const place = { account: localAccount, region: localRegion, prefix: 'outbox' };
const everything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'All', Effect: 'Allow', Action: ['*'], Resource: ['*'] }],
};

/**
 * The values that a stack has in its life, one after the other, so that whatever Terraform has to call is called: first with
 * all that is optional, then with everything changed that is changed in place, last with what is optional taken away.
 */
const lives = (artifacts: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> => ({
  'it applies a stack': {
    encryption_key: 'create',
    alarm_email: 'on-call@example.com',
    reserved_concurrency: { 'orders-api': 5 },
  },
  'it changes everything that is changed in place': {
    encryption_key: 'create',
    alarm_email: 'on-call@example.com',
    artifacts_dir: artifacts,
    log_level: 'DEBUG',
    log_retention_days: 7,
    paused: ['outbox', 'notifications'],
    permissions_boundary: `arn:aws:iam::${localAccount}:policy/${BOUNDARY}`,
    archive_retention_days: 8,
    recovery_period_days: 7,
    alarm_thresholds: { api_errors: 9 },
    api_throttling: { rate_limit: 50, burst_limit: 90 },
    api_cors: { allow_origins: ['https://app.example.com'] },
    bus_policy_statements: [{ sid: 'Partner', principals: { AWS: [localAccount] }, actions: ['events:PutEvents'] }],
    key_policy_statements: [{ sid: 'Partner', principals: { AWS: [localAccount] }, actions: ['kms:DescribeKey'] }],
    tags: { Team: 'parcels' },
  },
  'it takes away what is optional': { paused: ['outbox'] },
});

/**
 * A role with the policy of `docs/reference/deploy-policy.json` and nothing else applies, changes and destroys a stack, and
 * uses each action of it. UPDATE_DOCS=1 writes the policy from what a role that may do everything used.
 */
export function deployRoleStage(): Stage {
  return {
    name: 'deploy-role',
    run: async (host) => {
      const settings = await ownSettings(host, join(host.localDirectory, 'deploy-role'));
      try {
        await buildArtifacts(settings, 'all', silently);
        await ensureLocalCloud(settings);
        return checksOf(await tryPolicy(settings));
      } finally {
        await stopBackground(settings);
      }
    },
  };
}

async function tryPolicy(settings: Settings): Promise<readonly Check[]> {
  const update = settings.environment['UPDATE_DOCS'] === '1';
  const file = join(settings.root, DOCUMENT);
  const document = update ? everything : (JSON.parse(await readFile(file, 'utf8')) as PolicyDocument);
  const terraformOf = deployerOf(settings, policyFor(JSON.stringify(document), place));
  const applied = async (values: Readonly<Record<string, unknown>>): Promise<void> => {
    await writeVariables(settings, values);
    await (await terraformOf()).apply(silently);
  };
  const checks: Check[] = [];
  for (const [name, values] of Object.entries(lives(await artifactsWith(settings, ['notifications'])))) {
    checks.push(await check(name, () => applied(values)));
  }
  checks.push(await check('it destroys a stack', async () => (await terraformOf()).destroy(silently)));
  const used = await usesOf(settings);
  if (update) await writePolicy(settings, file, policyOf(used, place));
  const unused = update ? [] : actionsOf(document).filter((action) => !used.some((use) => use.action === action));
  return [...checks, { name: 'it uses all that it may', problem: unused.join(', ') }];
}

async function writePolicy(settings: Settings, file: string, document: PolicyDocument): Promise<void> {
  await writeFile(file, JSON.stringify(document));
  await runCommand('prettier', ['--write', file], {
    cwd: settings.root,
    environment: settings.environment,
    log: join(settings.localDirectory, 'logs', 'prettier.log'),
  });
}

/** Makes the role with the policy. Returns Terraform as that role; its credentials end after an hour, so each time new ones. */
function deployerOf(settings: Settings, policy: string): () => Promise<LocalTerraform> {
  const options = {
    endpoint: `http://127.0.0.1:${settings.port}`,
    region: localRegion,
    credentials: { accessKeyId: localAccount, secretAccessKey: 'local' },
  };
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${localAccount}:root` }, Action: 'sts:AssumeRole' }],
  };
  const made = (async () => {
    const iam = new IAMClient(options);
    await iam.send(new CreatePolicyCommand({ PolicyName: BOUNDARY, PolicyDocument: JSON.stringify(everything) }));
    await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: JSON.stringify(trust) }));
    await iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'deploy', PolicyDocument: policy }));
  })();
  return async () => {
    await made;
    const command = new AssumeRoleCommand({ RoleArn: roleArn(), RoleSessionName: 'deploy' });
    const { Credentials } = await new STSClient(options).send(command);
    const terraform = (await LocalTerraform.create(settings)).with({
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
    });
    await terraform.init();
    return terraform;
  };
}

async function usesOf(settings: Settings): Promise<readonly Use[]> {
  const response = await fetch(`http://127.0.0.1:${settings.port}/_local/usage`);
  const { roles } = (await response.json()) as { readonly roles: Readonly<Record<string, readonly Use[]>> };
  return roles[roleArn()] ?? [];
}

function roleArn(): string {
  return `arn:aws:iam::${localAccount}:role/${ROLE}`;
}
