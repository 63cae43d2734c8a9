import * as z from 'zod/mini';
import { CATALOGUE } from './catalogue';
import { ORDER_EVENT_SOURCE } from './source';

type Json = Readonly<Record<string, unknown>>;

/** The events' contract, AsyncAPI 3.0, out of the catalogue: for whoever consumes them, in whatever language. */
export function asyncApi(): Json {
  const messages = Object.fromEntries(
    Object.entries(CATALOGUE).flatMap(([type, versions]) =>
      Object.entries(versions).map(([uri, schema]) => [
        `${type}.${uri.split(':').at(-1)}`,
        messageOf(type, uri, schema),
      ]),
    ),
  );
  const references = (prefix: string): Json =>
    Object.fromEntries(Object.keys(messages).map((name) => [name, { $ref: `${prefix}/${name}` }]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Order events',
      version: '1.0.0',
      description:
        'Each change of an order is one event with the whole order after it. At least once, in any order: `id` tells copies apart, `sequence` counts an order’s versions from 1 without holes. Unknown fields are to be ignored; a schema is never changed but by optional fields, anything else is a new `dataschema`.',
      license: { name: 'MIT-0' },
    },
    defaultContentType: 'application/json',
    channels: {
      orders: {
        address: null,
        description: `Terraform’s output \`event_bus_name\`: an Amazon EventBridge bus. The event is \`detail\` of the envelope, whose \`source\` is \`${ORDER_EVENT_SOURCE}\`; rules match \`detail.type\`.`,
        messages: references('#/components/messages'),
      },
    },
    operations: {
      consumeOrderEvents: {
        action: 'receive',
        channel: { $ref: '#/channels/orders' },
        messages: Object.keys(messages).map((name) => ({ $ref: `#/channels/orders/messages/${name}` })),
      },
    },
    components: { messages },
  };
}

function messageOf(type: string, uri: string, schema: z.ZodMiniType): Json {
  const { $schema: _draft, ...payload } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return { name: type, title: `${type} (${uri})`, contentType: 'application/json', payload };
}
