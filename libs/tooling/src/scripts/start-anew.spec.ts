import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Settings, UserError } from './settings.ts';
import { recordChange } from './stack-record.ts';
import { forgetStack, mayStartAnew, whyNotContinued, withWayOut } from './start-anew.ts';
import { adoptErroredState, readState, untaintAll } from './terraform-state.ts';

const state = (serial = 3, lineage = 'one'): string =>
  JSON.stringify({
    version: 4,
    serial,
    lineage,
    resources: [
      { mode: 'data', type: 'aws_region', name: 'current', instances: [{ attributes: {} }] },
      { mode: 'managed', type: 'aws_sqs_queue', name: 'q', instances: [{ status: 'tainted', attributes: { a: 1 } }] },
      {
        module: 'module.consumers["audit"]',
        mode: 'managed',
        type: 'aws_iam_role',
        name: 'r',
        instances: [{ index_key: 'x' }, { index_key: 0, deposed: 'd' }],
      },
    ],
  });

const created = (addr: string): string =>
  JSON.stringify({ type: 'apply_start', hook: { action: 'create', resource: { addr } } });

describe('what an earlier make up or make down left', () => {
  let settings: Settings;
  const file = (...path: readonly string[]): string => join(settings.localDirectory, ...path);

  beforeEach(() => {
    const root = mkdtempSync(join(tmpdir(), 'outbox-anew-'));
    settings = { root, localDirectory: join(root, '.local'), home: root, port: 1, environment: {} };
    mkdirSync(file('logs'), { recursive: true });
    mkdirSync(join(root, 'terraform'));
  });
  afterEach(() => rmSync(settings.root, { recursive: true }));

  /** A local cloud's state, and Terraform's. */
  function bothThere(): void {
    database('state.sqlite');
    database('tables.sqlite');
    writeFileSync(file('terraform.tfstate'), state());
  }

  /** The same with tables in DynamoDB Local. */
  function bothThereInJava(): void {
    bothThere();
    rmSync(file('tables.sqlite'));
    mkdirSync(file('dynamodb', '000000000000'), { recursive: true });
    database('dynamodb', '000000000000', 'us-east-1.db');
  }

  function database(...path: readonly string[]): void {
    const made = new DatabaseSync(file(...path));
    made.exec('CREATE TABLE t (a)');
    made.close();
  }

  const applied = (): void => recordChange(settings, 'apply')('finished');
  const failed = (): void => recordChange(settings, 'apply')('failed');
  const stopped = (change: 'apply' | 'destroy'): void => void recordChange(settings, change);
  const log = (...lines: readonly string[]): void =>
    writeFileSync(file('logs', 'terraform-apply.log'), lines.join('\n'));

  it.each([
    ['a clone that has nothing yet', () => rmSync(settings.localDirectory, { recursive: true })],
    ['a stack that is there', () => (bothThere(), applied())],
    ['a stack of before there was a record', () => bothThere()],
    ['a stack whose tables are in DynamoDB Local', () => (bothThereInJava(), applied())],
    ['a local cloud on which Terraform never began', () => (database('state.sqlite'), database('tables.sqlite'))],
    [
      'an apply that was stopped when all it made was known',
      () => (bothThere(), stopped('apply'), log(created('aws_sqs_queue.q'))),
    ],
    [
      'a change of a whole stack that was stopped',
      () => (bothThere(), applied(), stopped('apply'), log(created('aws_sns_topic.t'))),
    ],
    [
      'a state that a kill left unfinished, when the one before is there',
      () => (
        bothThere(),
        applied(),
        writeFileSync(file('terraform.tfstate.backup'), state(2)),
        stopped('apply'),
        truncate('terraform.tfstate')
      ),
    ],
    ['an apply that failed, all it made being known', () => (bothThere(), failed(), log(created('aws_sns_topic.t')))],
    [
      'a second stop in a row',
      () => (bothThere(), applied(), stopped('apply'), stopped('apply'), log(created('aws_sns_topic.t'))),
    ],
  ])('is gone on with: %s', async (_, make) => {
    make();
    expect(await whyNotContinued(settings)).toBeUndefined();
  });

  it.each([
    [
      "Terraform's state is gone, the local cloud's is not",
      () => (bothThere(), applied(), rmSync(file('terraform.tfstate'))),
    ],
    [
      "The local cloud's state is gone, Terraform's is not",
      () => (bothThere(), applied(), rmSync(file('state.sqlite'))),
    ],
    [/^Terraform's state \(.*terraform\.tfstate\) can't be read$/, () => (bothThere(), truncate('terraform.tfstate'))],
    [/^The local cloud's state in .* can't be read$/, () => (bothThere(), truncate('state.sqlite'))],
    [/^The local cloud's state in .* can't be read$/, () => (bothThere(), writeFileSync(file('state.sqlite'), ''))],
    [/^The local cloud's state in .* can't be read$/, () => (bothThere(), truncate('tables.sqlite'))],
    [/^The local cloud's state in .* can't be read$/, () => (bothThere(), rmSync(file('tables.sqlite')))],
    [
      /^The local cloud's state in .* can't be read$/,
      () => (bothThereInJava(), truncate('dynamodb', '000000000000', 'us-east-1.db')),
    ],
    ['The last make down was stopped before it was done', () => (bothThere(), applied(), stopped('destroy'))],
    [
      "The last deployment was stopped in the middle, and Terraform doesn't know of 2 resources that it was making",
      () => (
        bothThere(),
        stopped('apply'),
        log(
          created('aws_sqs_queue.q'),
          created('aws_sns_topic.t'),
          created('module.m["a"].aws_kms_key.k'),
          '{"type":"app',
        )
      ),
    ],
  ])('starts anew: %s', async (reason, make) => {
    make();
    expect(await whyNotContinued(settings)).toMatch(reason);
  });

  function truncate(...path: readonly string[]): void {
    writeFileSync(file(...path), readFileSync(file(...path)).subarray(0, 90));
  }

  it('starts anew when an apply meets what is there already, unless the last one was finished', () => {
    const exists = new UserError('Error: creating IAM Role (outbox-api): EntityAlreadyExists: Role already exists.');
    const denied = new UserError('Error: AccessDenied');
    stopped('apply');
    expect(mayStartAnew(settings)(exists)).toBe(true);
    expect(mayStartAnew(settings)(denied)).toBe(false);
    expect(mayStartAnew(settings)(new Error(exists.message))).toBe(false);

    applied();
    expect(mayStartAnew(settings)(exists)).toBe(false);
  });

  it('starts a whole stack anew after a stop only, and not because an apply that failed is tried again', () => {
    const exists = new UserError('Error: creating KMS Alias (alias/outbox): AlreadyExistsException');
    failed();
    expect(mayStartAnew(settings)(exists)).toBe(true);

    applied();
    failed();
    failed();
    expect(mayStartAnew(settings)(exists)).toBe(false);

    expect(withWayOut(exists)).toMatchObject({ message: expect.stringMatching(/AlreadyExistsException\n.*make down/) });
    expect(withWayOut(new UserError('Error: AccessDenied'))).toMatchObject({ message: 'Error: AccessDenied' });

    stopped('apply');
    expect(mayStartAnew(settings)(exists)).toBe(true);
  });

  it('takes the state of before the change that a kill left unfinished, and no older one', async () => {
    bothThere();
    applied();
    writeFileSync(file('terraform.tfstate.backup'), state(2));
    truncate('terraform.tfstate');
    expect(await whyNotContinued(settings)).toMatch(/can't be read$/);

    stopped('apply');
    expect(await whyNotContinued(settings)).toBeUndefined();
    expect(readFileSync(file('terraform.tfstate'), 'utf8')).toBe(state(2));
  });

  it('takes the state that Terraform could only save elsewhere, if it is a later one of this stack', () => {
    bothThere();
    const errored = join(settings.root, 'terraform', 'errored.tfstate');
    writeFileSync(errored, state(4, 'of another stack'));
    expect(adoptErroredState(settings)).toBe(false);
    writeFileSync(errored, state(2));
    expect(adoptErroredState(settings)).toBe(false);
    expect(existsSync(errored)).toBe(true);

    writeFileSync(errored, state(4));
    expect(adoptErroredState(settings)).toBe(true);
    expect(existsSync(errored)).toBe(false);
    expect(readFileSync(file('terraform.tfstate'), 'utf8')).toBe(state(4));

    writeFileSync(errored, state(5));
    writeFileSync(file('terraform.tfstate.backup'), state(3));
    truncate('terraform.tfstate');
    expect(adoptErroredState(settings)).toBe(true);
    expect(readFileSync(file('terraform.tfstate'), 'utf8')).toBe(state(5));
  });

  it('knows resources by their addresses, and replaces none that is only marked', () => {
    bothThere();
    expect([...readState(settings)]).toEqual([
      'aws_sqs_queue.q',
      'module.consumers["audit"].aws_iam_role.r["x"]',
      'module.consumers["audit"].aws_iam_role.r[0]',
    ]);

    untaintAll(settings);
    expect(JSON.parse(readFileSync(file('terraform.tfstate'), 'utf8'))).toEqual(
      JSON.parse(state(4).replace('"status":"tainted",', '')),
    );
  });

  it('is all forgotten, but for what only makes the next start faster', async () => {
    bothThere();
    applied();
    for (const name of ['functions', 'tmp', 'partners', 'runtime', 'terraform']) mkdirSync(file(name));
    writeFileSync(file('partners.tfvars'), '');
    await forgetStack(settings);

    expect(readdirSync(settings.localDirectory).sort()).toEqual(['logs', 'runtime', 'terraform']);
  });
});
