import { firstCallIn } from './first-calls.ts';

describe('firstCallIn', () => {
  const cold =
    'REPORT RequestId: 1\tDuration: 81.20 ms\tBilled Duration: 82 ms\tMemory Size: 256 MB\tMax Memory Used: 80 MB\tInit Duration: 164.05 ms\t';

  it('tells how long the start and the call took', () => {
    expect(firstCallIn(cold)).toEqual({ initMs: 164.05, callMs: 81.2 });
  });

  it('passes over calls that found an environment, and other lines', () => {
    expect(firstCallIn(cold.replace(/Init.*/, ''))).toBeUndefined();
    expect(firstCallIn('{"message":"REPORT is asked for"}')).toBeUndefined();
  });
});
