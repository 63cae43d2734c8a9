import type { Job } from '@outbox/console-api';
import { verdictOf } from './findings';

const job = (more: Partial<Job>): Job => ({
  id: 'j',
  action: 'reconcile',
  command: 'outboxctl reconcile',
  startedAt: '2026-01-01T00:00:00.000Z',
  state: 'done',
  progress: '',
  output: [],
  ...more,
});
const report = { aggregates: 3, events: 7, groups: [{ kind: 'lost', consumer: 'mails', count: 1 }], findings: {} };
const finding = { kind: 'lost', aggregate: 'parcel', id: 'p-1', sequence: 2, detail: 'x' };

describe('the verdict of a comparison', () => {
  it('is its report, and the findings before it', () => {
    expect(verdictOf(job({ output: [finding, { ...report, repaired: 2 }] }))).toEqual({
      at: '2026-01-01T00:00:00.000Z',
      aggregates: 3,
      events: 7,
      groups: report.groups,
      findings: [finding],
      repaired: 2,
    });
  });

  it.each([
    ['runs', { state: 'running' as const, output: [report] }],
    ['failed', { state: 'failed' as const, error: 'no permission', output: [report] }],
    ['printed something else', { output: ['nothing'] }],
  ])('is none while it %s', (_how, more) => {
    expect(verdictOf(job(more))).toBeUndefined();
  });
});
