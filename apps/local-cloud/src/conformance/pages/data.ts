import { createTable } from '../fixtures';
import { each, five, type PageCase } from './page-case';

/** DynamoDB. */
export const dataPages: readonly PageCase[] = [
  {
    service: 'dynamodb',
    operation: 'ListTables',
    make: async (clients) => (await each(five, (name) => createTable(clients, name)), {}),
    list: 'TableNames',
    expected: five,
  },
  {
    service: 'dynamodb',
    operation: 'Query',
    make: async (clients) => {
      await createTable(clients, 'items', five);
      return {
        TableName: 'items',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'a' } },
      };
    },
    list: 'Items',
    name: 'sk.S',
    expected: five,
  },
  {
    service: 'dynamodb',
    operation: 'Scan',
    make: async (clients) => (await createTable(clients, 'items', five), { TableName: 'items' }),
    list: 'Items',
    name: 'sk.S',
    expected: five,
  },
];
