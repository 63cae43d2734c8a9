/**
 * Who may import whom, by the tags in project.json. Every rule whose source tag a project has must allow the import, so a
 * project's scope (what it is about) and its type (which layer it is) both count.
 */

/** Only spec files import test helpers: a rule of its own says so, since Nx knows projects, not files. */
const test = 'type:test';

const scope = (name, ...others) => ({
  sourceTag: `scope:${name}`,
  onlyDependOnLibsWithTags: [`scope:${name}`, ...others.map((other) => `scope:${other}`), 'scope:testing'],
});

const type = (name, ...others) => ({
  sourceTag: `type:${name}`,
  onlyDependOnLibsWithTags: [...others.map((other) => `type:${other}`), test],
});

export const depConstraints = [
  scope('envelope'),
  scope('orders-events', 'envelope'),
  scope('orders', 'orders-events', 'envelope', 'outbox', 'function'),
  // Outbox and inbox are what a team keeps when it puts its own domain in the place of orders.
  scope('outbox', 'envelope', 'function'),
  scope('inbox', 'envelope', 'outbox', 'function'),
  // What a team installs: nobody here imports it.
  scope('outbox-package', 'envelope', 'outbox', 'inbox', 'function'),
  scope('consumer', 'orders-events', 'envelope', 'inbox', 'function'),
  // A step of the orders' own process: a consumer that changes orders.
  scope('orders-process', 'orders', 'orders-events', 'envelope', 'outbox', 'inbox', 'function'),
  scope('function'),
  // The operator's program reads what the libraries write: each item's format belongs to one of them.
  scope('operator', 'envelope', 'orders-events', 'orders', 'outbox', 'inbox', 'function', 'prices', 'cli', 'console'),
  // The page knows what its server says to it, and nothing else.
  scope('console'),
  // The example's command line knows the HTTP API only, as any client does.
  scope('orders-cli', 'cli'),
  scope('cli'),
  // One defect shared by the product and the cloud it is tested on would cancel itself out: they meet over HTTP only.
  scope('local-cloud', 'local-cloud-client'),
  // What drives it from outside, over HTTP: for tests and tools, never for the product.
  scope('local-cloud-client'),
  // What others install: the program is put beside it as it is built.
  scope('local-cloud-package', 'local-cloud-client'),
  // They stand for programs of other companies: product and test meet them over HTTP only.
  scope('partners'),
  // It holds what an event is said to cost to what it takes.
  scope('e2e', 'local-cloud-client', 'prices'),
  scope('tooling', 'local-cloud-client'),
  scope('prices'),
  scope('testing'),

  {
    ...type('domain', 'domain', 'contract'),
    allowedExternalImports: ['zod', 'zod/*', 'fast-check'],
  },
  {
    ...type('contract', 'domain', 'contract'),
    allowedExternalImports: ['zod', 'zod/*', 'fast-check'],
  },
  type('store', 'domain', 'contract', 'store', 'kit'),
  type('package', 'domain', 'contract', 'store', 'kit'),
  type('kit', 'domain', 'contract', 'kit'),
  type('engine-kernel', 'engine-kernel'),
  // Services of the engine meet through ports of the kernel, wired in apps/local-cloud.
  type('engine-service', 'engine-kernel', 'engine-test'),
  // For specs of the engine's services: a rule of its own keeps it out of all else.
  type('engine-test', 'engine-kernel'),
  type('app', 'domain', 'contract', 'store', 'kit', 'data', 'engine-kernel', 'engine-service'),
  type('data'),
  type('test', 'test'),
];
