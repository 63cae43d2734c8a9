import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, parseArn } from '@outbox/local-cloud-kernel';
import { TemplateError } from '../template';
import { invocationFailed, type PipeTarget } from './pipe-target';
import { bodyOf, dynamic, transformed } from './target-event';

/** Source: Pipes API reference, PipeTargetCloudWatchLogsParameters. */
const LONGEST = { stream: 256, timestamp: 256 } as const;

interface Entry extends InputLogEvent {
  readonly stream: string;
}

/**
 * CloudWatch Logs PutLogEvents, a call for each stream that events name. Where the pipe names none AWS makes one of a name of
 * its own; here it is called as the pipe is. An event without a time of its own counts as logged when it is sent.
 */
export const logGroupTarget: PipeTarget = {
  service: 'logs',
  parameters: 'CloudWatchLogsParameters',
  maxBatch: 10_000,
  arn: /^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:*]+(:\*)?$/,
  prepare: (pipe, events, variables) => {
    const { LogStreamName: stream = pipe.name, Timestamp: time } =
      pipe.targetParameters?.CloudWatchLogsParameters ?? {};
    return transformed(() =>
      events.map((event): Omit<Entry, 'timestamp'> & { readonly timestamp: number | undefined } => ({
        stream: dynamic(stream, event, LONGEST.stream),
        timestamp: time === undefined ? undefined : millisecondsOf(dynamic(time, event, LONGEST.timestamp)),
        message: bodyOf(pipe, event, variables),
      })),
    );
  },
  send: async (entries, _events, { pipe, role, engine }) => {
    const { region, resource } = parseArn(pipe.target);
    const logGroupName = resource.replace(/^log-group:/, '').replace(/:\*$/, '');
    const as = { ...role.as(), region };
    const byStream = Map.groupBy(entries as readonly Entry[], ({ stream }) => stream);
    for (const [logStreamName, ofStream] of byStream) {
      const logEvents = ofStream
        .map(({ message, timestamp }) => ({ message, timestamp: timestamp ?? engine.clock.now() }))
        .sort((a, b) => a.timestamp - b.timestamp);
      await engine.calls.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, as).catch(ifThere);
      await engine.calls
        .call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, as)
        .catch(invocationFailed('logs'));
    }
    return { failed: [], answer: '{}' };
  },
};

/** A time as a pipe may give it: milliseconds, or a date and time. @throws TemplateError */
function millisecondsOf(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(time)) throw new TemplateError(`Timestamp ${text} is no time`);
  return time;
}

function ifThere(error: unknown): void {
  if (error instanceof AwsError && error.code === 'ResourceAlreadyExistsException') return;
  invocationFailed('logs')(error);
}
