import { orderSnapshotV1 } from '@outbox/orders-events';
import { REQUEST_SCHEMAS } from '@outbox/orders-domain';
import * as z from 'zod/mini';

type Json = Readonly<Record<string, unknown>>;

/** JSON Schema as OpenAPI 3.1 takes it; checks that have no word in it (bytes, currencies, decimals) are left to 422. */
function schemaOf(schema: z.ZodMiniType): Json {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

const text = { type: 'string' } as const;
const time = { type: 'string', format: 'date-time' } as const;

/** Everything the API takes and answers, by name. */
export const SCHEMAS: Readonly<Record<string, Json>> = {
  PlaceOrder: schemaOf(REQUEST_SCHEMAS.placeOrder),
  ChangeOrder: { ...schemaOf(REQUEST_SCHEMAS.changeOrder), minProperties: 1 },
  Order: schemaOf(orderSnapshotV1),
  OrderList: {
    type: 'object',
    required: ['orders'],
    properties: {
      orders: {
        type: 'array',
        items: {
          type: 'object',
          required: ['orderId', 'status', 'total', 'currency', 'itemCount', 'placedAt', 'updatedAt', 'version'],
          properties: {
            orderId: text,
            status: text,
            total: { ...text, description: 'Decimal in `currency`.' },
            currency: text,
            itemCount: { type: 'integer' },
            placedAt: time,
            updatedAt: time,
            version: { type: 'integer' },
          },
        },
      },
      nextCursor: { ...text, description: 'There may be older orders: ask again with it.' },
    },
  },
  Problem: {
    description: 'RFC 9457. `type` is stable: branch on it.',
    type: 'object',
    required: ['type', 'status', 'title', 'requestId'],
    properties: {
      type: text,
      status: { type: 'integer' },
      title: text,
      detail: text,
      requestId: text,
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['pointer', 'detail'],
          properties: {
            pointer: { ...text, description: 'JSON pointer into the body, `header:<name>` or `query:<name>`.' },
            detail: text,
          },
        },
      },
    },
  },
  GatewayError: {
    description: 'What API Gateway answers by itself, before any function runs. HTTP APIs can’t word it otherwise.',
    type: 'object',
    required: ['message'],
    properties: { message: text },
  },
};
