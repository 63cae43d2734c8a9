import { embeddedMetrics } from './embedded-metrics';

const NOW = Date.UTC(2026, 0, 31);
const event = (over: object = {}, directive: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: NOW - 1000,
      CloudWatchMetrics: [
        {
          Namespace: 'Outbox',
          Dimensions: [['service'], ['service', 'policy']],
          Metrics: [{ Name: 'RelayLag', Unit: 'Milliseconds' }, { Name: 'Absent' }],
          ...directive,
        },
      ],
    },
    service: 'outbox-relay',
    policy: 'once',
    RelayLag: [120, 80],
    ...over,
  });

describe('embedded metric format', () => {
  it('gives each metric for each set of dimensions', () => {
    expect(embeddedMetrics(event(), NOW)).toEqual({
      kind: 'metrics',
      metrics: [{ service: 'outbox-relay' }, { service: 'outbox-relay', policy: 'once' }].map((dimensions) => ({
        namespace: 'Outbox',
        name: 'RelayLag',
        dimensions,
        unit: 'Milliseconds',
        at: NOW - 1000,
        bucket: expect.objectContaining({ count: 2, sum: 200, min: 80, max: 120 }),
      })),
    });
  });

  it.each(['plain text', '{"level":"INFO"}', '{"_aws": broken', '{"_aws":{"Timestamp":1}}', '["_aws"]'])(
    'finds nothing in %s',
    (message) => {
      expect(embeddedMetrics(message, NOW)).toEqual({ kind: 'none' });
    },
  );

  it.each([
    ['a dimension without a value', event({ policy: undefined })],
    ['a value that is no number', event({ RelayLag: 'slow' })],
    ['no namespace', event({}, { Namespace: undefined })],
    ['an unknown unit', event({}, { Metrics: [{ Name: 'RelayLag', Unit: 'Parsecs' }] })],
    ['a time too long ago', event({ _aws: { Timestamp: 0, CloudWatchMetrics: [] } })],
  ])('tells of %s', (_, message) => {
    expect(embeddedMetrics(message, NOW)).toMatchObject({ kind: 'invalid' });
  });
});
