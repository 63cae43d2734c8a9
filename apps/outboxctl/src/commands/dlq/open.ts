import { DeadLetterQueue } from '../../dead-letters/dead-letter-queue';
import type { HeldPorts } from '../../dead-letters/held-letters';
import { pipeWay, withEvents } from '../../dead-letters/pipe-way';
import { isHandler, type DeadLetterSource } from '../../dead-letters/source';
import { handlerWay, sweeperWay, type Way } from '../../dead-letters/way';
import type { Stack } from '../../stack';
import { runSweeper } from '../../sweeping';
import type { CliContext } from '../context';

/** A dead-letter queue; the pipe's letters come with their events. */
export function openQueue(context: CliContext, stack: Stack, { kind, dlqUrl }: DeadLetterSource): DeadLetterQueue {
  return kind === 'pipe'
    ? new DeadLetterQueue(context.sqs(), dlqUrl, (letters) =>
        withEvents(context.streams(), stack.outbox_table_name, letters),
      )
    : new DeadLetterQueue(context.sqs(), dlqUrl);
}

/** How its letters come back. */
export function wayOf(context: CliContext, stack: Stack, source: DeadLetterSource): Way {
  if (isHandler(source)) return handlerWay(context.sqs(), source);
  return source.kind === 'pipe'
    ? pipeWay({ dynamodb: context.dynamodb(), tableName: stack.outbox_table_name }, context.now)
    : sweeperWay(() => runSweeper(context.lambda(), stack, context.now()));
}

/** What holding letters takes of a context. */
export function portsOf({ now, sleep, progress: say }: CliContext, stop: AbortSignal): HeldPorts {
  return { now, sleep, say, stop };
}
