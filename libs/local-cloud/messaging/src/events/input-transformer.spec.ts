import { AwsError } from '@outbox/local-cloud-kernel';
import { targetInput } from './input-transformer';

const rule = { arn: 'arn:aws:events:us-east-1:000000000000:rule/orders/created', name: 'created' };
const detail =
  '{"id":"7f3a","order":{"id":"7f3a","total":12.50},"states":["NEW","PAID"],"one":["NEW"],"paid":true,"count":9007199254740993,"empty":null}';
const event = {
  id: 'e-1',
  detailType: 'OrderCreated',
  source: 'orders',
  account: '000000000000',
  time: Date.UTC(2026, 0, 31, 12),
  region: 'us-east-1',
  resources: [],
  detail,
};
const InputPathsMap = {
  id: '$.detail.id',
  order: '$.detail.order',
  states: '$.detail.states',
  one: '$.detail.one',
  paid: '$.detail.paid',
  count: '$.detail.count',
  empty: '$.detail.empty',
  none: '$.detail.none',
};

const transformed = (InputTemplate: string): string =>
  targetInput(
    { Id: 't', Arn: 'a', InputTransformer: { InputPathsMap, InputTemplate } },
    rule,
    event,
    '2026-01-31T12:00:01Z',
  );

/** Each kind of value, outside quotes and inside, as AWS was recorded to fill it in. */
describe('an input transformer', () => {
  it.each([
    ['a text', '{"id": <id>}', '{"id":"7f3a"}'],
    ['a text in a path', '{"path": "orders/<id>/again/<id>"}', '{"path":"orders/7f3a/again/7f3a"}'],
    ['an object', '{"order": <order>}', '{"order":{"id":"7f3a","total":12.50}}'],
    ['a list', '{"states": <states>}', '{"states":["NEW","PAID"]}'],
    ['a list of one', '{"states": <one>}', '{"states":["NEW"]}'],
    ['an element', '{"states": [<id>, "fixed"]}', '{"states":["7f3a","fixed"]}'],
    ['a large number', '{"count": <count>}', '{"count":9007199254740993}'],
    ['null', '{"empty": <empty>, "text": "<empty>"}', '{"empty":null,"text":"null"}'],
    ['what is not there', '{"none": <none>, "text": "[<none>]"}', '{"none":"","text":"[]"}'],
  ])('puts %s into JSON', (_, template, expected) => {
    expect(transformed(template)).toBe(expected);
  });

  it.each([
    ['a text', '"order <id>"', '"order 7f3a"'],
    ['an object', '"of <order>"', '"of {id:7f3a,total:12.50}"'],
    ['a list', '"<states> or <one>"', '"[NEW,PAID] or [NEW]"'],
    ['a boolean', '"paid: <paid>!"', '"paid: true!"'],
    ['what is not there', '"<none> of <id>"', '" of 7f3a"'],
    ['lines', '"<one> first"\n"<id> second"', '"[NEW] first"\n"7f3a second"'],
    ['signs JSON begins with', '"{[/<id>"', '"{[/7f3a"'],
  ])('puts %s into a text', (_, template, expected) => {
    expect(transformed(template)).toBe(expected);
  });

  it.each(['{"order": "<order>"}', '{"path": "orders/<order>"}', '{"states": "<one>"}'])(
    'delivers nothing where JSON would hold an object or a list in quotes: %s',
    (template) => {
      expect(() => transformed(template)).toThrow(AwsError);
      expect(() => transformed(template)).toThrow('output is not valid JSON');
    },
  );

  it('calls the type detailType in <aws.events.event>, and as the event does in <aws.events.event.json>', () => {
    const { own, json } = JSON.parse(
      transformed('{"own": <aws.events.event>, "json": <aws.events.event.json>}'),
    ) as Record<string, object>;
    expect(own).toEqual({
      version: '0',
      id: 'e-1',
      source: 'orders',
      account: '000000000000',
      time: '2026-01-31T12:00:00Z',
      region: 'us-east-1',
      resources: [],
      detailType: 'OrderCreated',
    });
    expect(json).toMatchObject({ 'detail-type': 'OrderCreated', detail: { id: '7f3a' } });
  });

  it('keeps digits in a part of the event, too', () => {
    expect(targetInput({ Id: 't', Arn: 'a', InputPath: '$.detail.count' }, rule, event, '')).toBe('9007199254740993');
  });
});
