import {
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  type CloudWatchLogsClient,
} from '@aws-sdk/client-cloudwatch-logs';

/** How long a function took that had no environment yet. */
export interface FirstCall {
  readonly initMs: number;
  readonly callMs: number;
}

const FUNCTIONS = '/aws/lambda/';

/**
 * Of each function the first call that its log tells of, by the function's name. Functions that were not called are
 * left out. Source of REPORT's form: Lambda developer guide, "Log formats", Node.js.
 */
export async function firstCalls(logs: CloudWatchLogsClient): Promise<Readonly<Record<string, FirstCall>>> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: FUNCTIONS }));
  const calls: [string, FirstCall][] = [];
  for (const { logGroupName = '' } of logGroups) {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'REPORT' }));
    const call = events.map(({ message = '' }) => firstCallIn(message)).find((found) => found !== undefined);
    if (call !== undefined) calls.push([logGroupName.slice(FUNCTIONS.length), call]);
  }
  return Object.fromEntries(calls);
}

/** What a REPORT line says of a call that had to wait for its environment; undefined for any other line. */
export function firstCallIn(line: string): FirstCall | undefined {
  const init = /\tInit Duration: ([\d.]+) ms/.exec(line)?.[1];
  const call = /\tDuration: ([\d.]+) ms/.exec(line)?.[1] ?? /^REPORT[^\t]*\tDuration: ([\d.]+) ms/.exec(line)?.[1];
  return init === undefined || call === undefined ? undefined : { initMs: Number(init), callMs: Number(call) };
}
