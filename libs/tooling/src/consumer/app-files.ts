import type { ConsumerPolicy } from './consumers-map';
import { specOf } from './spec-file';

/** Path in the app's folder to text, formatted as Prettier would. */
export type AppFiles = Readonly<Record<string, string>>;

/** The app of a consumer: what the seed's consumers have, with the smallest effect that is one. */
export function appFiles(name: string, policy: ConsumerPolicy): AppFiles {
  return {
    'project.json': `${JSON.stringify(
      {
        name,
        $schema: '../../node_modules/nx/schemas/project-schema.json',
        projectType: 'application',
        sourceRoot: `apps/${name}/src`,
        tags: [],
      },
      undefined,
      2,
    ).replace('"tags": []', '"tags": ["scope:consumer", "type:app", "type:function"]')}\n`,
    'tsconfig.json': `{
  "extends": "../../tsconfig.base.json",
  "include": ["src/**/*.ts", "src/**/*.mts"]
}
`,
    'jest.config.ts': `export default { displayName: '${name}', preset: '../../jest.preset.js' };\n`,
    'src/handler.ts': handlerOf(name, policy),
    'src/handler.spec.ts': specOf(name, policy),
  };
}

function handlerOf(name: string, policy: ConsumerPolicy): string {
  const what = {
    once: 'What is written once per created order.',
    'in-order': 'What is written for each change of an order, in the order of the changes.',
    latest: 'What is kept of the newest state of each order.',
  };
  return `import { consumer } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';

/** ${what[policy]} */
export const handler = consumer({
  name: '${name}',
  policy: '${policy}',
  on: ${policy === 'once' ? '[order.Created]' : 'order'},
  effect: ({ data }) => ({
    customerId: data.customerId,
    status: data.status,
    total: data.total,
    currency: data.currency,
  }),
});
`;
}
