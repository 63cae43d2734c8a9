import { LINE_WIDTH, styleFor } from '@outbox/cli-kit';
import { PRICES_AS_OF } from '@outbox/prices';
import { renderCapacity } from './capacity/report';
import { renderCost } from './cost/cost';
import { renderLag } from './lag/render';
import { renderTrace } from './trace/render';

const PLAIN = styleFor({}, {});
/** As long as a consumer's name can be. */
const NAME = 'a-consumer-of-24-letters';
const HOUR_MS = 3_600_000;
const load = { eventsPerSecond: 123.4, basis: 'asked' as const, how: 'asked for' };

/** What is printed for a person fits a terminal, whatever the figures are. */
describe('80 columns', () => {
  it.each<[string, string]>([
    [
      'lag',
      renderLag(
        {
          at: '',
          objectiveSeconds: 60,
          behind: [`${NAME}: the oldest waits for 86400 s`],
          stages: [
            {
              stage: NAME,
              ...{ waiting: 120_000, underWay: 120_000, oldestSeconds: 1_209_600, deadLetters: 123_456 },
              lagMs: { p50: 100 * HOUR_MS, p99: 100 * HOUR_MS },
            },
          ],
        },
        PLAIN,
      ),
    ],
    [
      'capacity',
      renderCapacity(
        {
          load,
          limits: [
            {
              part: NAME,
              ...{ needed: 12_345, limit: 123_456, unit: 'batches at once', percent: 1_000 },
              ...{ because: 'x '.repeat(60), source: 'y '.repeat(60), lever: 'z', eventsPerSecondAtMost: 123_456 },
            },
          ],
          binding: { part: NAME, eventsPerSecond: 123_456, lever: 'pipe_parallelization_factor = 3, or something' },
          fits: false,
        },
        PLAIN,
      ),
    ],
    [
      'cost',
      renderCost(
        {
          load,
          ...{ eventsPerMonth: 123_456_789, consumers: 12, usd: 12_345, idleUsd: 1, usdPerMillionEvents: 12 },
          pricesAsOf: PRICES_AS_OF,
          parts: [{ part: NAME, usd: 12_345, idleUsd: 1 }],
          perMillionEvents: [1, 10].map((batch) => ({
            ...{ batch, usd: 12_345, plainUsd: 1_234 },
            guarantees: [{ guarantee: 'one effect per event' as const, usd: 12_345 }],
          })),
        },
        PLAIN,
      ),
    ],
  ])('hold what %s prints', (_verb, text) => {
    const long = text.split('\n').filter(({ length }) => length > LINE_WIDTH);
    expect(long).toEqual([]);
  });

  it('keep what a trace says of hops in one column', () => {
    const hop = { policy: 'once' as const, state: 'not-subscribed' as const };
    const lines = renderTrace(
      {
        ...{ aggregate: 'parcel', id: 'p-1', lastSequence: 1, complete: true },
        events: [
          {
            ...{ sequence: 1, id: 'e-1', type: 'T', committedAt: '2026-01-01T00:00:00Z', attempts: 0 },
            ...{ relayedAt: undefined, busAt: undefined, publishedAt: undefined, failure: undefined },
            consumers: [
              { ...hop, consumer: NAME },
              { ...hop, consumer: 'mails' },
            ],
          },
        ],
      },
      PLAIN,
    ).split('\n');
    expect(new Set(lines.slice(-2).map((line) => line.indexOf('does not'))).size).toBe(1);
  });
});
