import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlan, type Plan, PlanFormatError } from '../plan-json.ts';
import { changedAttributes } from './changed-attributes.ts';
import { render } from './render.ts';
import { summarise } from './summarise.ts';

/** Recorded from this stack on the local cloud, trimmed by fixtures/trim-plan.ts. */
const recorded = (name: string): Plan =>
  parsePlan(readFileSync(join(__dirname, '..', 'fixtures', `${name}.json`), 'utf8'));

const plan = (changes: NonNullable<Plan['resource_changes']>): Plan => ({
  format_version: '1.2',
  resource_changes: changes,
});

describe('the summary of a plan', () => {
  it('of a one-line change is one line', () => {
    expect(render(summarise(recorded('one-line-change')), 'text')).toBe(
      [
        'Plan: 0 to replace, 0 to destroy, 1 to change, 0 to create.',
        '',
        'Changed (1)',
        '  module.orders_api.aws_lambda_function.this: timeout (15 → 20)',
      ].join('\n'),
    );
  });

  it('of a stack that is as it should be says so', () => {
    expect(render(summarise(recorded('applied-stack')), 'text')).toBe('No changes to resources.');
  });

  it('begins with what is replaced and destroyed, of that with what loses data, and says why', () => {
    const text = render(summarise(recorded('replacement')), 'text');

    expect(text.split('\n').slice(0, 9)).toEqual([
      'Plan: 2 to replace, 10 to destroy, 9 to change, 10 to create.',
      '',
      'REPLACED: destroyed, then made anew (2)',
      '  module.orders_table.aws_dynamodb_table.this: WHAT IT HOLDS IS LOST; because of name',
      '  module.outbox_pipe.aws_pipes_pipe.this: WHAT IT HOLDS IS LOST; because of source',
      '',
      'DESTROYED (10)',
      '  module.consumers["fulfilment"].aws_dynamodb_table.this: WHAT IT HOLDS IS LOST',
      '  module.consumers["fulfilment"].module.handler.aws_sqs_queue.dlq: WHAT IT HOLDS IS LOST',
    ]);
    expect(text).toMatch(/^ .* 2 × aws_sqs_queue\b/m);
    expect(text).toContain('visibility_timeout_seconds (180 → 240)');
    expect(text).toContain('Outputs changed (2)\n  consumers, orders_table_name');
  });

  it('of a first apply fits on a screen', () => {
    const types = Array.from({ length: 25 }, (_, index) => `aws_cloudwatch_resource_of_type_${index}`);
    const created = types.flatMap((type) =>
      ['one', 'two'].map((name) => ({
        address: `${type}.${name}`,
        mode: 'managed',
        type,
        name,
        change: { actions: ['create'], before: null, after: {} },
      })),
    );
    const outputs = Array.from({ length: 25 }, (_, index) => [
      `an_output_of_the_stack_${index}`,
      { actions: ['create'] },
    ]);
    const summary = summarise({ ...plan(created), output_changes: Object.fromEntries(outputs) });
    const lines = render(summary, 'text').split('\n');

    expect(lines.length).toBeLessThan(25);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(118);
    expect(lines.join(' ')).toContain('2 × aws_cloudwatch_resource_of_type_24');
    expect(lines.join(' ')).toContain('an_output_of_the_stack_24');
    expect(render(summary, 'markdown')).toContain('`an_output_of_the_stack_0`, `an_output_of_the_stack_1`');
  });

  it('for a pull request is markdown', () => {
    const text = render(summarise(recorded('replacement')), 'markdown');

    expect(text).toContain(
      '### REPLACED: destroyed, then made anew (2)\n\n- `module.orders_table.aws_dynamodb_table.this`: WHAT IT HOLDS IS LOST; because of `name`',
    );
  });

  it('for a pull request is never longer than a comment may be', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({
      address: `aws_sqs_queue.this["${index}"]`,
      mode: 'managed',
      type: 'aws_sqs_queue',
      name: 'this',
      change: { actions: ['delete'], before: {}, after: null },
    }));
    const text = render(summarise(plan(many)), 'markdown');

    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/the rest doesn't fit into a comment/);
  });

  it('tells what is moved, imported and forgotten, and which checks warn', () => {
    const base = { mode: 'managed', type: 'aws_sqs_queue', name: 'this' };
    const none = { actions: ['no-op'], before: {}, after: {} };
    const summary = summarise({
      ...plan([
        { ...base, address: 'new.place', previous_address: 'old.place', change: none },
        { ...base, address: 'from.outside', change: { ...none, importing: { id: 'x' } } },
        { ...base, address: 'let.go', change: { actions: ['forget'], before: {}, after: null } },
      ]),
      checks: [
        {
          address: { kind: 'check', to_display: 'check.budget' },
          status: 'fail',
          instances: [{ problems: [{ message: 'the budget is too short' }] }],
        },
      ],
    });

    expect(summary).toMatchObject({
      moved: [{ from: 'old.place', to: 'new.place' }],
      imported: ['from.outside'],
      forgotten: ['let.go'],
      warnings: ['the budget is too short'],
    });
  });
});

describe('changed attributes', () => {
  it('never show a value that is sensitive, nor any text', () => {
    const summary = summarise(
      plan([
        {
          address: 'aws_lambda_function.this',
          mode: 'managed',
          type: 'aws_lambda_function',
          name: 'this',
          change: {
            actions: ['update'],
            before: { environment: [{ variables: { A: 'old-text', PIN: 1234 } }], token: 'old-secret' },
            after: { environment: [{ variables: { A: 'new-text', PIN: 5678 } }], token: 'new-secret' },
            before_sensitive: { environment: [{ variables: { PIN: true } }] },
            after_sensitive: { token: true },
          },
        },
      ]),
    );

    for (const format of ['text', 'markdown'] as const) {
      const text = render(summary, format);
      expect(text).not.toMatch(/old-|new-|1234|5678/);
      expect(text.replaceAll('`', '')).toContain(
        'environment[0].variables.A, environment[0].variables.PIN (sensitive), token (sensitive)',
      );
    }
  });

  it('are those that differ or are unknown, an added block as a whole', () => {
    const change = {
      before: { same: 1, absent: null, block: [], arn: 'arn:old' },
      after: { same: 1, absent: [], block: [{ name: 'x' }] },
      after_unknown: { arn: true },
    };

    expect(changedAttributes(change)).toEqual([{ path: 'block[0]' }, { path: 'arn', detail: 'known after apply' }]);
  });
});

describe('reading a plan', () => {
  it.each([
    ['Error: no plan', /not JSON/],
    ['[]', /not the JSON of a plan/],
    ['{"format_version":"2.0","terraform_version":"2"}', /only 1\.x/],
    ['{"format_version":"1.0","terraform_version":"1","values":{}}', /JSON of a state/],
  ])('refuses %s', (text, message) => {
    expect(() => parsePlan(text)).toThrow(PlanFormatError);
    expect(() => parsePlan(text)).toThrow(message);
  });
});
