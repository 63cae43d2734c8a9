import { evaluate, evaluationRange, type TreatMissing } from './evaluate';

const TREATMENTS: readonly TreatMissing[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** `0 - X`, newest last, as the user guide writes datapoints. */
const points = (text: string) =>
  text.split(' ').map((mark, at) => (mark === '-' ? undefined : { at, value: 0, samples: 1, breaching: mark === 'X' }));

const states = (text: string, datapointsToAlarm: number, evaluationPeriods = 3) =>
  TREATMENTS.map((treatMissing) => {
    const verdict = evaluate(points(text), { evaluationPeriods, datapointsToAlarm, treatMissing });
    return verdict.kind === 'keep' ? 'keep' : verdict.state;
  });

describe('an alarm with missing data', () => {
  it('looks at five periods where three are evaluated, as in the user guide', () => {
    expect(evaluationRange(3)).toBe(5);
  });

  // The first two tables of the user guide, "Configuring how CloudWatch alarms treat missing data".
  it.each([
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['0 - - - -', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', ['INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK']],
    ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', ['ALARM', 'keep', 'ALARM', 'OK']],
  ])('3 out of 3: %s', (text, expected) => {
    expect(states(text, 3)).toEqual(expected);
  });

  it.each([
    ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - X -', ['ALARM', 'keep', 'ALARM', 'OK']],
  ])('2 out of 3: %s', (text, expected) => {
    expect(states(text, 2)).toEqual(expected);
  });

  it.each(['- - - - X', '- - - X -'])('does not go to ALARM prematurely: %s', (text) => {
    expect(states(text, 3).slice(0, 2)).toEqual(['INSUFFICIENT_DATA', 'keep']);
  });

  it('goes to ALARM at once where one datapoint is enough', () => {
    expect(states('- - X', 1, 1)).toEqual(['ALARM', 'ALARM', 'ALARM', 'ALARM']);
  });
});
