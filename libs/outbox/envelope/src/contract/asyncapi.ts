import type { AggregateType } from '../define-aggregate';
import { describeEvents } from './event-schema';

type Json = Readonly<Record<string, unknown>>;

/** What a document says of the service that publishes the events. */
export interface ServiceDescription {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** SPDX identifier. */
  readonly license: string;
  /** `source` of the events, in CloudEvents and in EventBridge's envelope. */
  readonly source: string;
}

/** The contract of a service's events, AsyncAPI 3.0: for whoever consumes them, in whatever language. One channel for each kind of aggregate. */
export function asyncApiOf(
  aggregates: readonly AggregateType[],
  { title, version, description, license, source }: ServiceDescription,
): Json {
  const events = describeEvents(aggregates);
  const nameOf = ({ type, version }: (typeof events)[number]): string => `${type}.${version}`;
  const messagesOf = (aggregateType: string) => events.filter((event) => event.aggregateType === aggregateType);
  const perAggregate = (entry: (aggregateType: string) => readonly [name: string, value: Json]): Json =>
    Object.fromEntries(aggregates.map(({ aggregateType }) => entry(aggregateType)));
  return {
    asyncapi: '3.0.0',
    info: { title, version, description, license: { name: license } },
    defaultContentType: 'application/json',
    channels: perAggregate((aggregateType) => [
      aggregateType,
      {
        address: null,
        description: `Terraform’s output \`event_bus_name\`: an Amazon EventBridge bus. The event is \`detail\` of the envelope, whose \`source\` is \`${source}\`; rules match \`detail.aggregatetype\` = \`${aggregateType}\` and \`detail.type\`.`,
        messages: Object.fromEntries(
          messagesOf(aggregateType).map((event) => [nameOf(event), { $ref: `#/components/messages/${nameOf(event)}` }]),
        ),
      },
    ]),
    operations: perAggregate((aggregateType) => [
      `consume-${aggregateType}-events`,
      {
        action: 'receive',
        channel: { $ref: `#/channels/${aggregateType}` },
        messages: messagesOf(aggregateType).map((event) => ({
          $ref: `#/channels/${aggregateType}/messages/${nameOf(event)}`,
        })),
      },
    ]),
    components: {
      messages: Object.fromEntries(
        events.map((event) => {
          const { $schema: _draft, ...payload } = event.schema;
          const title = `${event.type} (${event.dataschema})`;
          return [nameOf(event), { name: event.type, title, contentType: 'application/json', payload }];
        }),
      ),
    },
  };
}
