import { tallyOf as tallyOfJest } from './jest.ts';
import { shareOut, tallyOf as tallyOfTerraform } from './terraform.ts';

const jestResult = (
  counts: Record<string, number>,
  messages: readonly string[] = [],
  assertionResults: readonly { status: string; fullName: string }[] = [],
): string =>
  JSON.stringify({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    ...counts,
    testResults: messages.map((message) => ({ message, assertionResults })),
  });

describe('the gate counts', () => {
  it('passed and failed Jest tests, and shows why they failed', () => {
    expect(tallyOfJest(jestResult({ numPassedTests: 7, numFailedTests: 2 }, ['', 'expected 1']), '')).toEqual({
      passed: 7,
      failed: 2,
      output: 'expected 1',
      failures: [],
    });
  });

  it('and names the failed ones', () => {
    const tests = [
      { status: 'passed', fullName: 'a pen writes' },
      { status: 'failed', fullName: 'a pen is refilled' },
    ];
    expect(tallyOfJest(jestResult({ numPassedTests: 1, numFailedTests: 1 }, ['expected 1'], tests), '')).toMatchObject({
      failures: ['a pen is refilled'],
    });
  });

  it('a suite that could not be run as failed', () => {
    expect(tallyOfJest(jestResult({ numPassedTests: 1, numRuntimeErrorTestSuites: 1 }), '').failed).toBe(1);
  });

  it('skipped tests as failed', () => {
    expect(tallyOfJest(jestResult({ numPassedTests: 1, numPendingTests: 3, numTodoTests: 1 }), '').failed).toBe(4);
  });

  it('no tests at all as failed', () => {
    expect(tallyOfJest(jestResult({}), 'No tests found').failed).toBe(1);
  });

  it('Jest without a result as failed, with what it printed', () => {
    expect(tallyOfJest(undefined, 'bad configuration')).toEqual({ passed: 0, failed: 1, output: 'bad configuration' });
  });

  it('runs of terraform test, those with errors and skipped ones as failed', () => {
    const lines = [
      JSON.stringify({ type: 'diagnostic', '@message': 'Error: no', diagnostic: { severity: 'error', detail: 'why' } }),
      JSON.stringify({ type: 'test_summary', test_summary: { passed: 5, failed: 1, errored: 1, skipped: 2 } }),
    ];

    expect(tallyOfTerraform(lines.join('\n'))).toEqual({ passed: 5, failed: 4, output: 'Error: no\nwhy' });
  });

  it('terraform test without a summary as failed', () => {
    expect(tallyOfTerraform('Error: no provider')).toEqual({ passed: 0, failed: 1, output: 'Error: no provider' });
  });
});

describe('test files of Terraform', () => {
  const files = [1, 2, 3, 4, 5].map((size) => ({ file: `${size}`, size }));

  it.each<[number, readonly (readonly string[])[]]>([
    [1, [['5', '4', '3', '2', '1']]],
    [
      2,
      [
        ['5', '2', '1'],
        ['4', '3'],
      ],
    ],
    [8, [['5'], ['4'], ['3'], ['2'], ['1']]],
  ])('are shared out over %s processors, each file once', (count, shares) => {
    expect([...shareOut(files, count)].sort()).toEqual([...shares].sort());
  });

  it('leave no processor a share without files, which would be a test of all', () => {
    expect(shareOut([], 2)).toEqual([]);
  });
});
