import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type TestEventPatternCommand,
  type EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import { conditionsOf, judgeRules } from './rules';

const event = {
  id: 'e-1',
  source: 'parcels',
  'detail-type': 'ParcelMoved',
  time: '2026-01-01T00:00:00Z',
  detail: { type: 'ParcelMoved' },
};

/** An EventBridge whose rules match by equality alone. */
function bridge(patterns: Readonly<Record<string, unknown>>): EventBridgeClient {
  const matches = (wanted: unknown, value: unknown): boolean =>
    Array.isArray(wanted)
      ? wanted.includes(value)
      : Object.entries(wanted as object).every(([name, inner]) =>
          matches(inner, (value as Record<string, unknown>)[name]),
        );
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof ListRulesCommand) {
      const Rules = Object.entries(patterns).map(([Name, pattern]) => ({
        Name,
        State: 'ENABLED',
        EventPattern: JSON.stringify(pattern),
      }));
      return Promise.resolve({ Rules: [...Rules, { Name: 'every-minute', ScheduleExpression: 'rate(1 minute)' }] });
    }
    if (command instanceof ListTargetsByRuleCommand) {
      return Promise.resolve({ Targets: [{ Arn: `arn:aws:sqs:us-east-1:1:${command.input.Rule}` }] });
    }
    const { EventPattern = '', Event = '' } = (command as TestEventPatternCommand).input;
    return Promise.resolve({ Result: matches(JSON.parse(EventPattern), JSON.parse(Event)) });
  };
  return { send } as unknown as EventBridgeClient;
}

describe('the rules of a bus', () => {
  it('say which matches, and which condition another lacks', async () => {
    const rules = await judgeRules(
      bridge({
        labels: { source: ['parcels'], detail: { type: ['ParcelRegistered'], size: ['L'] } },
        mails: { source: ['parcels'] },
      }),
      'bus',
      event,
    );
    expect(rules).toEqual([
      expect.objectContaining({ rule: 'mails', matches: true, targets: ['mails'] }),
      {
        rule: 'labels',
        enabled: true,
        targets: ['labels'],
        matches: false,
        leaves: [
          { path: 'source', wants: ['parcels'], has: 'parcels', matches: true },
          { path: 'detail.type', wants: ['ParcelRegistered'], has: 'ParcelMoved', matches: false },
          { path: 'detail.size', wants: ['L'], has: undefined, matches: false },
        ],
      },
    ]);
  });

  it('show of a choice what the event has of all its alternatives', async () => {
    const choice = { detail: { $or: [{ type: ['ParcelLost'] }, { type: ['ParcelMoved'], size: ['L'] }] } };
    const [rule] = await judgeRules(bridge({ mails: choice }), 'bus', event);
    expect(rule?.leaves).toEqual([
      { path: 'detail', wants: choice.detail.$or, has: { type: 'ParcelMoved', size: undefined }, matches: false },
    ]);
  });

  it('are taken apart, a choice as a whole', () => {
    expect(
      conditionsOf({ source: ['a'], detail: { $or: [{ x: ['1'] }, { y: ['2'] }], z: [{ exists: false }] } }),
    ).toEqual([
      { path: ['source'], wants: ['a'] },
      { path: ['detail', '$or'], wants: [{ x: ['1'] }, { y: ['2'] }] },
      { path: ['detail', 'z'], wants: [{ exists: false }] },
    ]);
  });
});
