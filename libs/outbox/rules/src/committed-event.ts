import { parseEnvelope, type EventEnvelope } from '@outbox/outbox-envelope';

/** The event an item holds, or why it holds none that a consumer could read. */
export type CommittedEvent =
  { readonly kind: 'event'; readonly event: EventEnvelope } | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads an item's `detail` and checks it against the item's own `id` and `type`. Total. */
export function committedEvent(item: {
  detail?: string;
  id?: string;
  type?: string;
  erasedAt?: string;
}): CommittedEvent {
  if (item.erasedAt !== undefined) return { kind: 'unreadable', reason: `its content was erased at ${item.erasedAt}` };
  const parsed = parseEnvelope(parseJson(item.detail));
  if (parsed.kind === 'malformed') return { kind: 'unreadable', reason: `its detail is no event: ${parsed.detail}` };
  const { envelope } = parsed;
  if (envelope.id === item.id && envelope.type === item.type) return { kind: 'event', event: envelope };
  return {
    kind: 'unreadable',
    reason: `its detail is event ${envelope.type} ${envelope.id}, the item says otherwise`,
  };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
