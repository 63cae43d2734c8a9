import { scenarioArguments } from './chaos.ts';
import { UserError } from './settings.ts';

describe('scenarioArguments', () => {
  it('puts orders under faults unless another scenario is named', () => {
    const faults = ['chaos', '--orders=500', '--faults=all', '--concurrency=12'];
    expect(scenarioArguments({})).toEqual(faults);
    expect(scenarioArguments({ SCENARIO: 'faults', FAULTS: '', HOURS: '2' })).toEqual(faults);
  });

  it('passes on what an outage takes', () => {
    expect(scenarioArguments({ SCENARIO: 'outage' })).toEqual(['outage', '--orders=40', '--outages=', '--hours=']);
    expect(scenarioArguments({ SCENARIO: 'outage', ORDERS: '9', HOURS: '3,7', OUTAGES: 'bus-denied' })).toEqual([
      'outage',
      '--orders=9',
      '--outages=bus-denied',
      '--hours=3,7',
    ]);
  });

  it.each(['outages', 'toString'])('refuses SCENARIO=%s', (SCENARIO) => {
    expect(() => scenarioArguments({ SCENARIO })).toThrow(UserError);
  });
});
