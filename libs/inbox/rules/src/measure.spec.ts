import { explore } from './testing/explore';
import { protocol } from './testing/protocol';
const once = { kind: 'once' } as const;
const latest = { kind: 'latest' } as const;
const inOrder = { kind: 'in-order', start: 'beginning', parkBudgetSeconds: 3_600 } as const;
const all = { none: undefined, once: { policy: once, calls: false }, inOrder: { policy: inOrder, calls: false }, latest: { policy: latest, calls: false },
 onceCall: { policy: once, calls: true }, inOrderCall: { policy: inOrder, calls: true }, latestCall: { policy: latest, calls: true } };
for (const [w, f] of JSON.parse(process.env['RUNS'] ?? '[]'))
it.each(Object.entries(all))(`%s ${w} ${f}`, (name, c) => {
  const t = process.cpuUsage().user;
  let r: unknown;
  try { r = explore(protocol({ writers: w, consumers: c ? { [name]: c } : {}, faults: f })); } catch (e) { r = (e as Error).message; }
  process.stderr.write(`${name} ${w} ${f} ${typeof r === 'string' ? r : JSON.stringify(r)} ${Math.round((process.cpuUsage().user - t)/1000)} ms\n`);
}, 600000);
