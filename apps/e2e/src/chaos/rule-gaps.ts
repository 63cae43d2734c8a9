import {
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  DescribeReplayCommand,
  DescribeRuleCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import type { Stack } from '../support/stack';
import type { AwsClients } from './clients';
import { waitFor } from './wait';

/** A time in which a consumer's rule matched nothing; epoch milliseconds of engine time. */
export interface RuleGap {
  readonly consumer: string;
  readonly rule: string;
  readonly from: number;
  readonly to: number;
}

const REPLAY_MS = 120_000;
/** Events are archived by the second of their arrival. */
const MARGIN_MS = 1_000;

/**
 * Sends each rule what it missed, from the archive, as an operator does after a deploy went wrong: an event that
 * matched no rule has neither a retry nor a dead-letter queue.
 */
export async function replayGaps(
  events: AwsClients['events'],
  stack: Stack,
  gaps: readonly RuleGap[],
  runName: string,
): Promise<void> {
  const { ArchiveArn } = await events.send(new DescribeArchiveCommand({ ArchiveName: stack.archive_name }));
  const { Arn: busArn } = await events.send(new DescribeEventBusCommand({ Name: stack.event_bus_name }));
  for (const [index, gap] of gaps.entries()) {
    const ReplayName = `${runName}-${index + 1}`;
    const { Arn: ruleArn } = await events.send(
      new DescribeRuleCommand({ Name: gap.rule, EventBusName: stack.event_bus_name }),
    );
    await events.send(
      new StartReplayCommand({
        ReplayName,
        EventSourceArn: ArchiveArn,
        EventStartTime: new Date(gap.from - MARGIN_MS),
        EventEndTime: new Date(gap.to + MARGIN_MS),
        Destination: { Arn: busArn, FilterArns: [ruleArn ?? ''] },
      }),
    );
    const completed = async (): Promise<boolean> => {
      const { State, StateReason } = await events.send(new DescribeReplayCommand({ ReplayName }));
      if (State === 'FAILED' || State === 'CANCELLED') throw new Error(`${ReplayName}: ${State} ${StateReason ?? ''}`);
      return State === 'COMPLETED';
    };
    await waitFor(`${ReplayName} completes`, completed, REPLAY_MS);
  }
}
