import { asMarkdown, asText, sections, type Report } from './report.ts';

const timing = (perSecond: number) => ({ count: 10, perSecond, p50Ms: 1, p95Ms: 2, p99Ms: 3 });
const lag = { count: 5, p50Ms: 40, p95Ms: 60, p99Ms: 70 };

const report: Report = {
  date: '2026-11-30T12:00:00.000Z',
  machine: { cores: 2, processor: 'A | B', memoryGb: 8, node: '22.23.3', system: 'Linux 6 x64', load: 0.52 },
  services: { 'PutItem, one at a time': timing(900), 'Invoke, warm': timing(300) },
  dynamodbLocal: { 'PutItem, one at a time': timing(600) },
  peer: {
    name: 'http://127.0.0.1:1',
    services: { 'PutItem, one at a time': timing(300), Invoke: { failed: 'Error: it has none' } },
  },
  startMs: 500,
  restartMs: 400,
  bundles: [{ app: 'orders-api', bytes: 300_000, zipBytes: 99_000, parts: [], initMs: 50, initRatio: 0.6 }],
  stack: {
    requests: { 'POST /orders, one at a time': timing(30), 'POST /orders, 8 at once': timing(90) },
    firstOrderMs: 800,
    firstCalls: { 'outbox-orders-api': { initMs: 120.4, callMs: 30.2 } },
    hopsIdle: { relayed: lag },
    hopsAtHalfLoad: { relayed: { ...lag, p50Ms: 60 } },
    effectsIdle: lag,
    effectsAtHalfLoad: { ...lag, p50Ms: 80 },
    sustainedPerSecond: 45,
    burstPerSecond: 50,
    mostWaiting: 70,
    waitingAtEnd: 40,
    memoryMb: { before: 200, after: 300 },
    orders: 1_000,
    busy: 0,
    perMillionEvents: [{ batch: 10, usd: 13, plainUsd: 6.5, guarantees: [{ guarantee: 'in order', usd: 13 }] }],
  },
};

describe('the report of make bench', () => {
  it('begins with what is compared within the run', () => {
    expect(sections(report)[0]).toEqual({
      title: 'ratios',
      columns: ['', 'ratio'],
      rows: [
        ['PutItem, one at a time: calls per second ÷ DynamoDB Local by itself', '1.50'],
        ['PutItem, one at a time: calls per second ÷ http://127.0.0.1:1', '3.00'],
        ['POST /orders: 8 at once ÷ one at a time', '3.00'],
        ['lag at half load ÷ idle, p50', '2.00'],
        ['memory after the orders ÷ before', '1.50'],
        ['cost of an event in batches of 10 ÷ without guarantees', '2.00'],
        ['orders-api: to load ÷ one bundled DynamoDB client', '0.60'],
      ],
    });
  });

  it('tells what the other emulator could not do', () => {
    expect(asText(report)).toMatch(/Invoke +not measured: Error: it has none/);
  });

  it('says on what machine, and when, in the document', () => {
    const document = asMarkdown(report);
    expect(document).toContain('Measured 2026-11-30 by `make bench-report`');
    expect(document).toContain('2 cores (A | B), 8 GB, Node 22.23.3, Linux 6 x64; load average 0.5');
    expect(document).toContain('| relayed | 5 | 60 | 60 | 70 |');
  });
});
