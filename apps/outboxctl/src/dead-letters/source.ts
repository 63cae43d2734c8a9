import { UsageError } from '@outbox/cli-kit';
import { ACKNOWLEDGER, PIPE, SWEEPER, type ConsumerOutput, type Stack } from '../stack';

/** A dead-letter queue of a stack, by the name that verbs take. */
export type DeadLetterSource = HandlerSource | OtherSource;

/** Holds messages of the bus, which go back to the queue they came from. */
export interface HandlerSource {
  readonly name: string;
  readonly kind: 'consumer' | 'acknowledger';
  readonly dlqUrl: string;
  readonly queueUrl: string;
  /** Absent for the acknowledger: it takes events in any order. */
  readonly policy?: ConsumerOutput['policy'];
}

/** The pipe's holds places in the outbox's stream; the sweeper's holds sweeps that its schedule could not start. */
interface OtherSource {
  readonly name: string;
  readonly kind: 'pipe' | 'sweeper';
  readonly dlqUrl: string;
}

/** Every dead-letter queue there is, in the order that an event passes them. */
export function deadLetterSources({
  pipe_dlq_url: pipe,
  sweeper_dlq_url: sweeper,
  acknowledger,
  consumers,
}: Stack): readonly DeadLetterSource[] {
  return [
    ...(pipe === undefined ? [] : [{ name: PIPE, kind: 'pipe' as const, dlqUrl: pipe }]),
    ...(sweeper === undefined ? [] : [{ name: SWEEPER, kind: 'sweeper' as const, dlqUrl: sweeper }]),
    ...(acknowledger
      ? [
          {
            name: ACKNOWLEDGER,
            kind: 'acknowledger' as const,
            dlqUrl: acknowledger.dlq_url,
            queueUrl: acknowledger.queue_url,
          },
        ]
      : []),
    ...Object.entries(consumers).map(([name, { dlq_url: dlqUrl, queue_url: queueUrl, policy }]) => ({
      name,
      kind: 'consumer' as const,
      dlqUrl,
      queueUrl,
      policy,
    })),
  ];
}

/** @throws UsageError naming the queues there are, when `name` is none of them */
export function deadLetterSourceOf(stack: Stack, name: string): DeadLetterSource {
  const sources = deadLetterSources(stack);
  const source = sources.find((each) => each.name === name);
  if (source) return source;
  const names = sources.map((each) => each.name).join(', ');
  throw new UsageError(`no dead-letter queue of ${name}; there are ${names}`);
}

/** Whether it holds messages of the bus. */
export function isHandler(source: DeadLetterSource): source is HandlerSource {
  return source.kind === 'consumer' || source.kind === 'acknowledger';
}
