import { specLogs } from './testing/spec-logs';
import { createFunction, startSpecEngine, type SpecEngine } from './testing/spec-engine';

describe('the metrics of compute', () => {
  let spec: SpecEngine;
  beforeAll(async () => {
    spec = await startSpecEngine([specLogs().service]);
  });
  afterAll(() => spec.close());

  const values = (name: string, dimensions: Record<string, string>): number[] =>
    spec.metrics.samples
      .filter((one) => one.name === name && JSON.stringify(one.dimensions) === JSON.stringify(dimensions))
      .map(({ value }) => value);

  it('count invocations, errors and throttles of a function, for the account, and by qualifier', async () => {
    await createFunction(spec, 'relay', `exports.handler = async ({ fail }) => { if (fail) throw new Error('no') }`);
    const invoke = (Payload: string, Qualifier?: string) =>
      spec.call('lambda', 'Invoke', { FunctionName: 'relay', Payload: Buffer.from(Payload), Qualifier });
    await invoke('{}');
    await invoke('{"fail":true}', '$LATEST');
    await spec.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'relay', ReservedConcurrentExecutions: 0 });
    await expect(invoke('{}')).rejects.toMatchObject({ code: 'TooManyRequestsException' });

    const own = { FunctionName: 'relay' };
    expect([values('Invocations', own), values('Errors', own), values('Throttles', own)]).toEqual([
      [1, 1],
      [0, 1],
      [1],
    ]);
    expect(values('Invocations', {})).toEqual([1, 1]);
    expect(values('Errors', { FunctionName: 'relay', Resource: 'relay:$LATEST' })).toEqual([1]);
    expect(values('ConcurrentExecutions', own)).toEqual([1, 1]);
    const durations = values('Duration', own);
    expect(durations).toHaveLength(2);
    for (const duration of durations) expect(duration).toBeLessThan(10_000);
  });

  it('count requests of an HTTP API with their latency and errors', async () => {
    const { ApiId = '' } = await spec.call('apigatewayv2', 'CreateApi', { Name: 'api', ProtocolType: 'HTTP' });
    await spec.call('apigatewayv2', 'CreateStage', { ApiId, StageName: '$default', AutoDeploy: true });
    const answer = await fetch(`${spec.engine.origin}/_api/${ApiId}/nowhere`);
    expect(answer.status).toBe(404);

    const sets: Record<string, string>[] = [{ ApiId }, { ApiId, Stage: '$default' }];
    for (const dimensions of sets) {
      expect([values('Count', dimensions), values('4xx', dimensions), values('5xx', dimensions)]).toEqual([
        [1],
        [1],
        [0],
      ]);
      expect(values('Latency', dimensions)).toHaveLength(1);
      expect(values('IntegrationLatency', dimensions)).toEqual([]);
    }
  });
});
