import { applyProgress } from './terraform-events.ts';

const planned = (addr: string, action: string): string =>
  JSON.stringify({ type: 'planned_change', change: { resource: { addr }, action } });
const done = (action: string): string => JSON.stringify({ type: 'apply_complete', hook: { action } });
const summary = (add: number, change: number, remove: number): string =>
  JSON.stringify({ type: 'change_summary', changes: { add, change, remove } });

describe('what terraform apply tells', () => {
  it('counts resources as they get done, not what is only read', () => {
    const reports: string[] = [];
    const progress = applyProgress((detail) => reports.push(detail));

    [planned('a', 'create'), planned('b', 'create'), done('read'), done('create'), done('create')].forEach(
      progress.line,
    );

    expect(reports).toEqual(['1 of 2', '2 of 2']);
  });

  it('names what changed when it is little', () => {
    const progress = applyProgress(() => undefined);

    [planned('data.x', 'read'), planned('module.f.aws_lambda_function.this', 'update'), summary(0, 1, 0)].forEach(
      progress.line,
    );

    expect(
      progress
        .summary()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['0 added, 1 changed, 0 removed', '~ module.f.aws_lambda_function.this']);
  });

  it('only counts when it is much', () => {
    const progress = applyProgress(() => undefined);

    Array.from({ length: 90 }, (_, index) => planned(`r${index}`, 'create')).forEach(progress.line);
    progress.line(summary(90, 0, 0));

    expect(progress.summary()).toBe('90 added, 0 changed, 0 removed');
  });

  it('says that nothing changed', () => {
    const progress = applyProgress(() => undefined);

    progress.line(summary(0, 0, 0));

    expect(progress.summary()).toBe('no changes');
  });

  it("gives Terraform's errors with the resource, and passes over what is no JSON", () => {
    const progress = applyProgress(() => undefined);

    progress.line('panic: not JSON');
    progress.line(
      JSON.stringify({
        type: 'diagnostic',
        diagnostic: {
          severity: 'error',
          summary: 'creating queue',
          detail: 'AccessDenied: no',
          address: 'aws_sqs_queue.a',
        },
      }),
    );
    progress.line(JSON.stringify({ type: 'diagnostic', diagnostic: { severity: 'warning', summary: 'deprecated' } }));

    expect(progress.failure()).toBe('Error: creating queue (aws_sqs_queue.a)\nAccessDenied: no');
  });
});
