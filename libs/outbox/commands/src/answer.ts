import type { HttpAnswer } from '@outbox/function-kit';
import type { AggregateRef, LoadedHead } from '@outbox/outbox-dynamodb';
import type { CommandPorts } from './commands';
import { etagOf } from './etag';

/** How a route answers: with which status, and where the aggregate is, relative to the request's URL. */
export interface AnswerForm {
  readonly status: 200 | 201;
  readonly location: string;
}

/** An aggregate as the API shows it, as JSON text, with its sequence number as ETag. */
export function aggregateAnswer({ status, location }: AnswerForm, sequence: number, text: string): HttpAnswer {
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json',
      etag: etagOf(sequence),
      'cache-control': 'no-store',
      ...(status === 201 ? { location } : {}),
    },
    body: text,
  };
}

/**
 * The answer that a request got when it committed the event `sequence`: as it was kept beside the event, or, once
 * retention took that, the aggregate as it is as long as nothing has changed it since.
 */
export async function replayedAnswer<S>(
  ports: CommandPorts<S>,
  ref: AggregateRef,
  { head }: LoadedHead,
  sequence: number,
  form: AnswerForm,
): Promise<HttpAnswer> {
  const kept = (await ports.outbox.loadEvent(ref, sequence))?.answer;
  if (kept !== undefined) return aggregateAnswer(form, sequence, kept);
  const state = head.lastSequence === sequence ? await ports.load(ref.id) : undefined;
  const isStillThere = state !== undefined && (await isAt(ports, ref, sequence));
  return isStillThere
    ? aggregateAnswer(form, sequence, JSON.stringify(state))
    : { problem: ports.problems.replayExpired(form.location) };
}

/** Whether an aggregate's head is (still) at this sequence number. */
export async function isAt<S>({ outbox }: CommandPorts<S>, ref: AggregateRef, sequence: number): Promise<boolean> {
  return (await outbox.loadHead(ref))?.head.lastSequence === sequence;
}
