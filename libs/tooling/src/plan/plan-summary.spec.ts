import { join } from 'node:path';
import type { Settings } from '../scripts/settings.ts';
import { serveAccount } from './account-endpoint.ts';
import { planSummary } from './plan-summary.ts';

const settings = (environment: Record<string, string>): Settings => ({
  root: __dirname,
  localDirectory: join(__dirname, 'not-there'),
  home: '/',
  port: 4566,
  environment,
});

describe('make plan-summary', () => {
  const print = jest.spyOn(console, 'log');
  beforeEach(() => print.mockReset());
  afterAll(() => print.mockRestore());

  it("prints what changes, then the policy's verdict, and fails when the policy is broken", async () => {
    expect(await planSummary(settings({ PLAN: 'fixtures/applied-stack.json' }))).toBe(0);
    expect(print.mock.calls).toEqual([
      [expect.stringMatching(/^No changes to resources\.\n\nPolicy: 11 rules hold\.\n/)],
    ]);

    // Trimmed to the attributes that differ, the function has no log group of its own.
    expect(await planSummary(settings({ PLAN: 'fixtures/one-line-change.json', FORMAT: 'markdown' }))).toBe(1);
    expect(print.mock.calls[1]).toEqual([expect.stringContaining('### Changed (1)')]);
    expect(print.mock.calls[1]).toEqual([expect.stringContaining('Policy: 1 of 11 rules are BROKEN.')]);
  });

  it.each([
    [{ PLAN: 'fixtures/none.json' }, /PLAN=fixtures\/none\.json: there is no such file/],
    [{ PLAN: 'package.json' }, /not the JSON of a plan/],
    [{ FORMAT: 'html' }, /FORMAT is text or markdown/],
    [{ ENV: 'dev', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }, /make plan-summary is for AWS/],
  ])('refuses %j', async (environment, message) => {
    await expect(planSummary(settings(environment as unknown as Record<string, string>))).rejects.toThrow(message);
    expect(print).not.toHaveBeenCalled();
  });
});

describe('the endpoint a plan from nothing asks', () => {
  it('tells the account, and refuses every other call by name', async () => {
    const endpoint = await serveAccount('111122223333');
    try {
      const ask = (action: string): Promise<Response> =>
        fetch(endpoint.url, { method: 'POST', body: new URLSearchParams({ Action: action }) });
      const identity = await ask('GetCallerIdentity');
      expect([identity.status, await identity.text()]).toEqual([
        200,
        expect.stringContaining('<Account>111122223333</Account>'),
      ]);
      expect((await ask('GetRole')).status).toBe(400);
    } finally {
      await endpoint.close();
    }
  });
});
