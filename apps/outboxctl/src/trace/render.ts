import type { BegunView } from '@outbox/console-api';
import type { Style } from '@outbox/cli-kit';
import { formatAggregateId } from '../aggregate-id';
import type { ConsumerHop, EventTimeline, Trace } from './timeline';

/** Of the names of hops; a consumer's may be longer. */
const MIN_LABEL_WIDTH = 16;

/** The trace of an aggregate as a person reads it: one block per event, one line per hop, times relative to the commit. */
export function renderTrace(trace: Trace, style: Style): string {
  const count = `${trace.lastSequence} ${trace.lastSequence === 1 ? 'event' : 'events'}`;
  const head = `${style.bold(formatAggregateId(trace))}  ${count}${goneOf(trace)}`;
  return [head, ...trace.events.map((event) => renderEvent(event, style))].join('\n\n');
}

/** How many events retention, or a restore, took from the outbox. */
function goneOf({ lastSequence, events }: Trace): string {
  const gone = lastSequence - events.filter(({ sequence }) => sequence <= lastSequence).length;
  if (gone <= 0) return '';
  const which = lastSequence === 1 ? '' : gone === lastSequence ? 'all of them ' : `${gone} of them `;
  return `, ${which}no longer in the outbox`;
}

function renderEvent(event: EventTimeline, style: Style): string {
  const since = (at: string | undefined): string =>
    at === undefined ? style.dim('not yet') : `+${Date.parse(at) - Date.parse(event.committedAt)} ms`;
  const width = Math.max(MIN_LABEL_WIDTH, ...event.consumers.map(({ consumer }) => consumer.length + 2));
  const line = (label: string, value: string): string => `  ${label.padEnd(width)}${value}`;
  const lines = [
    `${style.bold(event.type)}  event ${event.sequence}  ${event.id}`,
    ...(event.traceId === undefined ? [] : [line('trace', event.traceId)]),
    line('committed', event.committedAt),
    line('relayed', since(event.relayedAt)),
    line('on the bus', event.busAt ? `${event.busAt} (EventBridge keeps whole seconds)` : style.dim('not yet')),
    ...event.consumers.map((hop) => line(hop.consumer, renderHop(hop, since, style))),
  ];
  if (event.publishedAt) lines.push(line('acknowledged', since(event.publishedAt)));
  if (event.failure) lines.push(line('failed', style.red(event.failure)));
  if (event.erasedAt) lines.push(line('erased', `its content, at ${event.erasedAt}`));
  return lines.join('\n');
}

function renderHop(hop: ConsumerHop, since: (at: string | undefined) => string, style: Style): string {
  const policy = `(${hop.policy})`;
  switch (hop.state) {
    case 'done':
      return `queued ${since(hop.queuedAt)}, ${style.green(`done ${since(hop.appliedAt)}`)} ${policy}${hop.receives === 1 ? '' : `, received ${hop.receives} times`}`;
    case 'superseded':
      return `${style.green('done')}: superseded by a newer event ${policy}`;
    case 'skipped':
      return style.dim(`not its: before its start, or passed over ${policy}`);
    case 'pending':
      return `${style.yellow('pending')} ${policy}${hop.begun === undefined ? '' : begunSentence(hop.begun)}`;
    case 'not-subscribed':
      return style.dim(`does not subscribe to this type ${policy}`);
  }
}

function begunSentence({ status, attempts, lastError, reason }: BegunView): string {
  const what = status === 'dead-lettered' ? `dead-lettered${reason === undefined ? '' : ` (${reason})`}` : status;
  return `, ${what}, attempt ${attempts}${lastError === undefined ? '' : `: ${lastError}`}`;
}
