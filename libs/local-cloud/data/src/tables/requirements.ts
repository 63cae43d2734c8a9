import type { RequestContext, Requirement } from '@outbox/local-cloud-kernel';
import { tableArn, tableName } from '../proxy/arns';
import { isObject, objectAt, objectsAt, textAt, type Json } from '../proxy/json';
import type { TableRecords } from './table-records';

/**
 * The permissions of DynamoDB's operations. Source: Service Authorization Reference, "Actions, resources, and
 * condition keys for Amazon DynamoDB"; transactions: developer guide, "IAM and transactions".
 */
export class Requirements {
  constructor(private readonly records: TableRecords) {}

  /** The action of the operation's own name on the table the body names. */
  readonly onTable = (body: Json, context: RequestContext): readonly Requirement[] => [
    { action: `dynamodb:${context.operation}`, resource: arnOf(textAt(body, 'TableName'), context) },
  ];

  /** As `onTable`, for operations that name a resource by ARN. */
  readonly onResource = (body: Json, context: RequestContext): readonly Requirement[] => [
    { action: `dynamodb:${context.operation}`, resource: textAt(body, 'ResourceArn') || '*' },
  ];

  readonly onAll = (_: Json, context: RequestContext): readonly Requirement[] => [
    { action: `dynamodb:${context.operation}`, resource: '*' },
  ];

  /** One item: the key is in `Key`, or in `Item` for a put. */
  readonly onItem = (body: Json, context: RequestContext): readonly Requirement[] => [
    this.#item(`dynamodb:${context.operation}`, body, context),
  ];

  /** A read of many: on the index, when it reads one. */
  readonly onQuery = (body: Json, context: RequestContext): readonly Requirement[] => {
    const table = arnOf(textAt(body, 'TableName'), context);
    const index = textAt(body, 'IndexName');
    const select = textAt(body, 'Select');
    return [
      {
        action: `dynamodb:${context.operation}`,
        resource: index ? `${table}/index/${index}` : table,
        ...(select ? { conditions: { 'dynamodb:Select': select } } : {}),
      },
    ];
  };

  /** BatchGetItem and BatchWriteItem have actions of their own, on each table. */
  readonly onBatch = (body: Json, context: RequestContext): readonly Requirement[] =>
    Object.entries(objectAt(body, 'RequestItems')).map(([table, requests]) => {
      const keys = batchKeys(requests).map((item) => this.#hash(table, item, context));
      return {
        action: `dynamodb:${context.operation}`,
        resource: arnOf(table, context),
        conditions: leading(keys),
      };
    });

  /** There is no action for a transaction: each of its parts needs the action of its kind. */
  readonly onTransaction = (body: Json, context: RequestContext): readonly Requirement[] =>
    objectsAt(body, 'TransactItems').flatMap((part) =>
      Object.entries(TRANSACT_ACTIONS).flatMap(([member, action]) => {
        const target = part[member];
        if (!isObject(target)) return [];
        const requirement = this.#item(action, target, context);
        return [
          {
            ...requirement,
            conditions: { ...requirement.conditions, 'dynamodb:EnclosingOperation': context.operation },
          },
        ];
      }),
    );

  #item(action: string, body: Json, context: RequestContext): Requirement {
    const table = textAt(body, 'TableName');
    const key = isObject(body['Key']) ? objectAt(body, 'Key') : objectAt(body, 'Item');
    const returnValues = textAt(body, 'ReturnValues');
    return {
      action,
      resource: arnOf(table, context),
      conditions: {
        ...leading([this.#hash(table, key, context)]),
        ...(returnValues ? { 'dynamodb:ReturnValues': returnValues } : {}),
      },
    };
  }

  /** The hash key's value as text. */
  #hash(table: string, key: Json, context: RequestContext): string | undefined {
    const attribute = this.records.get(context, tableName(table, context))?.hashKey;
    const value = attribute === undefined ? undefined : Object.values(objectAt(key, attribute))[0];
    return typeof value === 'string' ? value : undefined;
  }
}

const TRANSACT_ACTIONS: Readonly<Record<string, string>> = {
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
};

function arnOf(table: string, context: RequestContext): string {
  return table.startsWith('arn:') ? table : tableArn(context, table);
}

/** Keys and items of one table's part of a batch. */
function batchKeys(requests: unknown): Json[] {
  if (isObject(requests)) return objectsAt(requests, 'Keys');
  if (!Array.isArray(requests)) return [];
  return requests.filter(isObject).map((request) => {
    const put = objectAt(request, 'PutRequest');
    return isObject(put['Item']) ? objectAt(put, 'Item') : objectAt(objectAt(request, 'DeleteRequest'), 'Key');
  });
}

function leading(keys: readonly (string | undefined)[]): Readonly<Record<string, readonly string[]>> {
  const values = keys.filter((key) => key !== undefined);
  return values.length > 0 ? { 'dynamodb:LeadingKeys': values } : {};
}
