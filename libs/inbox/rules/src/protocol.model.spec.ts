import { explore } from './testing/explore';
import { protocol, type ProtocolOptions } from './testing/protocol';

const once = { kind: 'once' } as const;
const latest = { kind: 'latest' } as const;
const inOrder = { kind: 'in-order', start: 'beginning', parkBudgetSeconds: 3_600 } as const;
const W = (process.env['W'] ?? '2,2').split(',').map(Number);
const F = Number(process.env['F'] ?? '0');

it.each<[string, ProtocolOptions['consumers']]>([
  ['a', { journal: { policy: inOrder, calls: false }, counter: { policy: once, calls: false } }],
  ['b', { view: { policy: latest, calls: false }, billing: { policy: once, calls: true } }],
  ['c', { view: { policy: latest, calls: true }, mail: { policy: inOrder, calls: true } }],
])('%s', (_name, consumers) => {
  const t = Date.now();
  const r = explore(protocol({ writers: W, consumers, faults: F }));
  console.log(_name, JSON.stringify(r), Date.now() - t);
}, 600000);
