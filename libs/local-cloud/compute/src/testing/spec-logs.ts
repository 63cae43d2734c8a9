import type { Service } from '@outbox/local-cloud-kernel';

export interface SpecLogs {
  readonly service: Service<'logs'>;
  /** Messages by group, in the order they were put. */
  messages(group: string): readonly string[];
  readonly streams: readonly string[];
}

/** CloudWatch Logs as the compute part uses it. */
export function specLogs(): SpecLogs {
  const events = new Map<string, string[]>();
  const streams: string[] = [];
  return {
    streams,
    messages: (group) => events.get(group) ?? [],
    service: {
      name: 'logs',
      operations: {
        DescribeLogGroups: {
          requires: () => [],
          handle: (input) => ({ logGroups: [{ logGroupName: input.logGroupNamePrefix }] }),
        },
        CreateLogStream: {
          requires: () => [
            { action: 'logs:CreateLogStream', resource: '*', resourcePolicy: 'delivery.logs.amazonaws.com' },
          ],
          handle: (input) => {
            streams.push(input.logStreamName ?? '');
            return {};
          },
        },
        PutLogEvents: {
          requires: () => [
            { action: 'logs:PutLogEvents', resource: '*', resourcePolicy: 'delivery.logs.amazonaws.com' },
          ],
          handle: (input) => {
            const known = events.get(input.logGroupName ?? '') ?? [];
            events.set(input.logGroupName ?? '', [
              ...known,
              ...(input.logEvents ?? []).map((event) => event.message ?? ''),
            ]);
            return {};
          },
        },
      },
    },
  };
}
