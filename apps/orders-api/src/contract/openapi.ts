import { PROBLEM_NAMES, problemOf, type ProblemName } from './problem-kinds';
import { SCHEMAS } from './schemas';

type Json = Readonly<Record<string, unknown>>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const content = (type: string, schema: string): Json => ({ [type]: { schema: ref(schema) } });

/** API Gateway's own answers to any route. Source: API Gateway developer guide, HTTP APIs. */
const GATEWAY: Readonly<Record<string, string>> = {
  401: 'Unauthorized: no good token (JWT); `www-authenticate` says why',
  403: 'Forbidden: the scope lacks (JWT), or the signature or its permission (AWS_IAM)',
  429: 'Too Many Requests: above the throttling limits',
  500: 'Internal Server Error: the function failed',
  503: 'Service Unavailable: the function took longer than 30 s',
};

/** Answers that are no success: the function's problems by status, and API Gateway's. */
function failures(names: readonly ProblemName[]): Json {
  const problems = byStatus(names);
  const statuses = [...new Set([...problems.keys(), ...Object.keys(GATEWAY)])].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const known = problems.get(status) ?? [];
      const gateway = GATEWAY[status];
      const described = known.map(({ kind, title }) => `- \`urn:outbox:problem:${kind}\`: ${title}`);
      return [
        status,
        {
          description: [...described, ...(gateway === undefined ? [] : [`- API Gateway: ${gateway}`])].join('\n'),
          content: {
            ...(known.length > 0 ? content('application/problem+json', 'Problem') : {}),
            ...(gateway === undefined ? {} : content('application/json', 'GatewayError')),
          },
        },
      ];
    }),
  );
}

/** The responses of GET, as HEAD gets them: without a body. */
function withoutBodies(responses: Json): Json {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const { content: _content, ...rest } = response as { readonly content?: Json };
      return [status, rest];
    }),
  );
}

function byStatus(names: readonly ProblemName[]): ReadonlyMap<string, readonly ReturnType<typeof problemOf>[]> {
  const found = new Map<string, ReturnType<typeof problemOf>[]>();
  for (const problem of names.map(problemOf)) {
    found.set(String(problem.status), [...(found.get(String(problem.status)) ?? []), problem]);
  }
  return found;
}

const header = (description: string): Json => ({ description, schema: { type: 'string' } });
const ETAG = header('The order’s version, for If-Match.');

function orderAnswer(description: string, headers: Json = {}): Json {
  return { description, headers: { etag: ETAG, ...headers }, content: content('application/json', 'Order') };
}

const parameter = (where: 'header' | 'path' | 'query', name: string, required: boolean, description: string): Json => ({
  name,
  in: where,
  required,
  description,
  schema: { type: 'string' },
});
const ORDER_ID = parameter('path', 'orderId', true, 'Id of the order; not a secret.');
const KEY = parameter(
  'header',
  'Idempotency-Key',
  false,
  'The same for every retry of this request: it is carried out once and answered the same. 1 to 255 characters, at least 16 where nobody is asked who calls; a comma only within double quotes, which are then part of the key. Sent several times with the same value, it is that value. A deployment may require it.',
);
const IF_MATCH = parameter(
  'header',
  'If-Match',
  true,
  'The ETag of the order that the change is based on, a list of them, or * for any (RFC 9110, 13.1.1).',
);
const IF_NONE_MATCH = parameter('header', 'If-None-Match', false, 'The ETag that the caller has, to be answered 304.');
const NOT_MODIFIED: Json = { description: 'The order is the one that the caller has.', headers: { etag: ETAG } };
const body = (schema: string, ...types: readonly string[]): Json => ({
  required: true,
  content: Object.assign({}, ...['application/json', ...types].map((type) => content(type, schema))) as Json,
});

const KEYED = ['keyMissing', 'keyUnusable', 'keyReused', 'replayExpired'] as const;
const WITH_BODY = ['malformed', 'tooLarge', 'mediaType', 'contentCoding', 'invalid', 'busy'] as const;
const CONDITIONAL = ['invalidHeader', 'preconditionFailed'] as const;

/** Every problem that each operation of orders-api may answer with. */
export const OPERATION_PROBLEMS: Readonly<Record<'placeOrder' | 'changeOrder' | 'readOrder', readonly ProblemName[]>> =
  {
    placeOrder: [...WITH_BODY, ...KEYED, ...CONDITIONAL],
    changeOrder: PROBLEM_NAMES,
    readOrder: ['notFound', 'busy', ...CONDITIONAL],
  };

const READ_ORDER: Json = {
  200: orderAnswer('The order.'),
  304: NOT_MODIFIED,
  ...failures(OPERATION_PROBLEMS.readOrder),
};

const LIST_PARAMETERS = [
  parameter('path', 'customerId', true, 'Id of the customer, percent-encoded: a slash is %2F.'),
  parameter('query', 'cursor', false, '`nextCursor` of the page before.'),
];
const LIST_ORDERS: Json = {
  200: {
    description: 'A page; it may be short and still have a next one.',
    content: content('application/json', 'OrderList'),
  },
  ...failures(['busy', ...CONDITIONAL]),
  400: {
    description: [
      '- `urn:outbox:problem:invalid-query`: The query string is not valid',
      '- `urn:outbox:problem:invalid-header`: A header of the request is not valid',
    ].join('\n'),
    content: content('application/problem+json', 'Problem'),
  },
  404: {
    description: '- `urn:outbox:problem:not-found`: No such resource; a customer id has 1 to 64 bytes',
    content: content('application/problem+json', 'Problem'),
  },
};

/** The HTTP API's contract, OpenAPI 3.1, out of the schemas that requests are read by. */
export function openApi(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Orders',
      version: '1.0.0',
      description:
        'An order belongs to whoever placed it; to everybody else it does not exist (404). Who calls is told by a token (JWT) or a signature (AWS_IAM), as the deployment wants it, or is not asked (NONE).',
      license: { name: 'MIT-0', identifier: 'MIT-0' },
    },
    servers: [
      {
        url: '{api_endpoint}',
        variables: {
          api_endpoint: { default: 'https://example.com', description: 'Terraform’s output `api_endpoint`.' },
        },
      },
    ],
    security: [{ token: [] }, { signature: [] }, {}],
    paths: {
      '/orders': {
        post: {
          operationId: 'placeOrder',
          summary: 'Places an order. Without an Idempotency-Key a retry makes a second one.',
          parameters: [KEY],
          requestBody: body('PlaceOrder'),
          responses: {
            201: orderAnswer('Placed, now or by an earlier request with this key.', {
              location: header('Where the order is, relative to the request’s URL.'),
            }),
            ...failures(OPERATION_PROBLEMS.placeOrder),
          },
        },
      },
      '/orders/{orderId}': {
        get: {
          operationId: 'readOrder',
          summary: 'An order as it is.',
          parameters: [ORDER_ID, IF_NONE_MATCH],
          responses: READ_ORDER,
        },
        head: {
          operationId: 'readOrderHeaders',
          summary: 'What GET would answer, without its body.',
          parameters: [ORDER_ID, IF_NONE_MATCH],
          responses: withoutBodies(READ_ORDER),
        },
        patch: {
          operationId: 'changeOrder',
          summary: 'Changes an order’s state, or its items while it is PLACED.',
          parameters: [
            ORDER_ID,
            IF_MATCH,
            { ...IF_NONE_MATCH, description: 'Makes the change only if none of these is the order’s ETag.' },
            KEY,
          ],
          requestBody: body('ChangeOrder', 'application/merge-patch+json'),
          responses: {
            200: orderAnswer('Changed, now or by an earlier request with this key.'),
            ...failures(OPERATION_PROBLEMS.changeOrder),
          },
        },
      },
      '/customers/{customerId}/orders': {
        get: {
          operationId: 'listOrders',
          summary: 'The caller’s orders of a customer, newest first; a moment behind the orders themselves.',
          parameters: LIST_PARAMETERS,
          responses: LIST_ORDERS,
        },
        head: {
          operationId: 'listOrdersHeaders',
          summary: 'What GET would answer, without its body.',
          parameters: LIST_PARAMETERS,
          responses: withoutBodies(LIST_ORDERS),
        },
      },
    },
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Where api_authorization is JWT.' },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS SigV4 for execute-api, where api_authorization is AWS_IAM.',
        },
      },
      schemas: SCHEMAS,
    },
  };
}
