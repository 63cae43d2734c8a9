import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LiveEvent, Tail } from '@outbox/console-api';
import { follow } from '../api';
import { count, duration, several, timeOfDay } from '../format';
import { Json, Note, Panel } from '../parts';
import { href } from '../route';
import { RulesOf } from './rules';

/** What is remembered, and what of it is drawn: a page with thousands of rows isn't smooth, and nobody reads them. */
const REMEMBERED = 2_000;
const DRAWN = 100;

interface Followed {
  /** The newest first. */
  readonly events: readonly LiveEvent[];
  readonly publishedAt: ReadonlyMap<string, string>;
  readonly seen: number;
  /** Whether nothing is missed any more. */
  readonly hasBegun: boolean;
}

const NOTHING: Followed = { events: [], publishedAt: new Map(), seen: 0, hasBegun: false };

/** Events as they are committed. */
export function LiveView() {
  const [followed, setFollowed] = useState(NOTHING);
  const [isFollowing, setFollowing] = useState(true);
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<LiveEvent>();

  useEffect(
    () => (isFollowing ? follow((tail) => setFollowed((known) => withTail(known, tail))) : undefined),
    [isFollowing],
  );
  const wanted = filter.trim().toLowerCase();
  const shown = useMemo(() => {
    if (wanted === '') return followed.events.slice(0, DRAWN);
    return followed.events.filter((event) => textOf(event).includes(wanted)).slice(0, DRAWN);
  }, [followed, wanted]);

  return (
    <div class="split">
      <Panel
        title="Events as they are committed"
        aside={
          <>
            <span class="muted num">{several(followed.seen, 'event')} seen</span>
            <button type="button" aria-pressed={isFollowing} onClick={() => setFollowing(!isFollowing)}>
              {isFollowing ? 'Stop' : 'Follow'}
            </button>
          </>
        }
      >
        <label class="filter">
          Filter
          <input
            value={filter}
            placeholder="type, id or content"
            spellcheck={false}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
          />
        </label>
        {shown.length === 0 ? (
          <Note>{sayNothing(followed)}</Note>
        ) : (
          <ul class="live">
            {shown.map((event) => (
              <LiveRow
                key={event.eventId}
                event={event}
                publishedAt={followed.publishedAt.get(event.eventId)}
                isChosen={event.eventId === chosen?.eventId}
                onChoose={setChosen}
              />
            ))}
          </ul>
        )}
      </Panel>
      {chosen ? (
        <Panel
          title={`${chosen.type}, event ${chosen.sequence}`}
          aside={<a href={href('trace', `${chosen.aggregate}/${chosen.id}`)}>Trace</a>}
        >
          <RulesOf of={`${chosen.aggregate}/${chosen.id}`} sequence={chosen.sequence} key={chosen.eventId} />
          <Json value={chosen.detail} label="The event" />
        </Panel>
      ) : (
        <Panel title="Nothing chosen">
          <Note>Choose an event to see what it holds, and which rules match it.</Note>
        </Panel>
      )}
    </div>
  );
}

interface RowProps {
  readonly event: LiveEvent;
  readonly publishedAt: string | undefined;
  readonly isChosen: boolean;
  readonly onChoose: (event: LiveEvent) => void;
}

function LiveRow({ event, publishedAt, isChosen, onChoose }: RowProps) {
  const took = publishedAt === undefined ? '…' : duration(Date.parse(publishedAt) - Date.parse(event.committedAt));
  return (
    <li>
      <button type="button" aria-pressed={isChosen} onClick={() => onChoose(event)}>
        <span class="num muted">{timeOfDay(event.committedAt, true)}</span>
        <b>{event.type}</b>
        <span class="id">
          {event.aggregate}/{event.id} event {count(event.sequence)}
        </span>
        <span class="num took" title="from the commit until it came off the bus">
          {took}
        </span>
      </button>
    </li>
  );
}

function sayNothing({ events, hasBegun }: Followed): string {
  if (events.length > 0) return 'No event is like that.';
  return hasBegun ? 'Nothing was committed since this page follows.' : 'Finding the stream’s end …';
}

/** What is known with what came; what is older than the last thousands is forgotten. */
function withTail({ events, publishedAt, seen }: Followed, tail: Tail): Followed {
  const known = [...[...tail.events].reverse(), ...events].slice(0, REMEMBERED);
  const all = new Map([
    ...publishedAt,
    ...tail.published.map(({ eventId, publishedAt: at }): [string, string] => [eventId, at]),
  ]);
  const kept = new Set(known.map(({ eventId }) => eventId));
  return {
    events: known,
    publishedAt: new Map([...all].filter(([eventId]) => kept.has(eventId))),
    seen: seen + tail.events.length + tail.left,
    hasBegun: true,
  };
}

function textOf({ aggregate, id, type, detail }: LiveEvent): string {
  return `${type} ${aggregate}/${id} ${JSON.stringify(detail)}`.toLowerCase();
}
