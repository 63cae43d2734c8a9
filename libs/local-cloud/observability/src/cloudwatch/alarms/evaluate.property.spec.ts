import fc from 'fast-check';
import { evaluate, evaluationRange, type Datapoint, type TreatMissing } from './evaluate';

const rules = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .map(([a, b]) => ({ evaluationPeriods: Math.max(a, b), datapointsToAlarm: Math.min(a, b) }));
const cases = rules.chain((rule) => {
  const length = evaluationRange(rule.evaluationPeriods);
  const marks = fc.array(fc.constantFrom('0', 'X', '-'), { minLength: length, maxLength: length });
  return fc.tuple(fc.constant(rule), marks);
});
const pointsOf = (marks: readonly string[]): (Datapoint | undefined)[] =>
  marks.map((mark, at) => (mark === '-' ? undefined : { at, value: 0, samples: 1, breaching: mark === 'X' }));
const treatments: readonly TreatMissing[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

describe('evaluating an alarm', () => {
  it('comes to the same under every treatment when enough datapoints are there', () => {
    fc.assert(
      fc.property(cases, ([rule, marks]) => {
        fc.pre(marks.filter((mark) => mark !== '-').length >= rule.evaluationPeriods);
        const newest = marks.filter((mark) => mark !== '-').slice(-rule.evaluationPeriods);
        const expected = newest.filter((mark) => mark === 'X').length >= rule.datapointsToAlarm ? 'ALARM' : 'OK';
        for (const treatMissing of treatments) {
          expect(evaluate(pointsOf(marks), { ...rule, treatMissing })).toMatchObject({ state: expected, filled: 0 });
        }
      }),
    );
  });

  it('never has insufficient data but where missing data counts as missing, and no datapoint is good', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...treatments), ([rule, marks], treatMissing) => {
        const verdict = evaluate(pointsOf(marks), { ...rule, treatMissing });
        if (verdict.kind === 'keep' || verdict.state !== 'INSUFFICIENT_DATA') return;
        expect(treatMissing).toBe('missing');
        expect(marks).not.toContain('0');
      }),
    );
  });

  it('turns no ALARM into OK when a good datapoint turns bad', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...treatments), ([rule, marks], treatMissing) => {
        const before = evaluate(pointsOf(marks), { ...rule, treatMissing });
        if (before.kind === 'keep' || before.state !== 'ALARM') return;
        const worse = marks.map((mark) => (mark === '0' ? 'X' : mark));
        expect(evaluate(pointsOf(worse), { ...rule, treatMissing })).toMatchObject({ state: 'ALARM' });
      }),
    );
  });
});
