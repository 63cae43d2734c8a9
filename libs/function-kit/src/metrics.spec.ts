import { createMetrics } from './metrics';

describe('createMetrics', () => {
  it('writes one line of Embedded Metric Format per flush, by service and function', () => {
    const lines = captured(() => {
      process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Outbox';
      process.env['POWERTOOLS_SERVICE_NAME'] = 'billing';
      const metrics = createMetrics({ AWS_LAMBDA_FUNCTION_NAME: 'outbox-dev-billing' });
      metrics.count('Applied');
      metrics.count('Applied', 2);
      metrics.milliseconds('ConsumerLag', 1_500);
      metrics.percent('OnTime', true);
      metrics.percent('OnTime', false);
      metrics.flush();
      metrics.flush();
    });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'Outbox',
            Dimensions: [expect.arrayContaining(['service', 'function_name'])],
            Metrics: [
              { Name: 'Applied', Unit: 'Count' },
              { Name: 'ConsumerLag', Unit: 'Milliseconds' },
              { Name: 'OnTime', Unit: 'Percent' },
            ],
          },
        ],
      },
      service: 'billing',
      function_name: 'outbox-dev-billing',
      Applied: [1, 2],
      ConsumerLag: 1_500,
      OnTime: [100, 0],
    });
  });
});

/** What is written to the console meanwhile, where the environment is put back afterwards. */
function captured(act: () => void): string[] {
  const before = { ...process.env };
  const lines: string[] = [];
  // Powertools writes past the global console, and in development not at all, unless these say otherwise.
  Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' });
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    act();
  } finally {
    log.mockRestore();
    process.env = before;
  }
  return lines;
}
