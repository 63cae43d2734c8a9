import { useEffect, useState } from 'preact/hooks';
import type { AggregateTrace, EventView } from '@outbox/console-api';
import { read } from '../api';
import { useConsole } from '../console';
import { duration, moment, several } from '../format';
import { Json, Note, Panel, Sign } from '../parts';
import { href } from '../route';
import { timescale, type Timescale } from '../timescale';
import { rowsOf, spansOf, type Bar, type EventRows, type Row } from '../waterfall';
import { RulesOf } from './rules';

/** What isn't done yet is looked at again as often. */
const AGAIN_MS = 2_000;

interface Selected {
  readonly aggregate: string;
  readonly event: EventView;
}

/** One aggregate, event by event, hop by hop. */
export function TraceView({ of }: { readonly of: string }) {
  const [trace, setTrace] = useState<AggregateTrace>();
  const [error, setError] = useState('');
  const [now, setNow] = useState(() => Date.now());
  const [chosen, setChosen] = useState('');

  useEffect(() => {
    if (of === '') return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const look = (): void => {
      read<AggregateTrace>('trace', { of }).then(
        (found) => {
          if (gone) return;
          setTrace(found);
          setError('');
          setNow(Date.now());
          if (!found.parts.every(({ complete }) => complete)) timer = setTimeout(look, AGAIN_MS);
        },
        (reason: Error) => !gone && setError(reason.message),
      );
    };
    look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [of]);

  return (
    <>
      <Finder of={of} />
      {error === '' ? null : <Note kind="bad">{error}</Note>}
      {of === '' ? (
        <Note>Give an aggregate’s type and id, or its id alone. Every event in the other views leads here.</Note>
      ) : null}
      {trace ? <Waterfall trace={trace} now={now} chosen={chosen} onChoose={setChosen} /> : null}
    </>
  );
}

function Finder({ of }: { readonly of: string }) {
  const { session } = useConsole();
  const [text, setText] = useState(of);
  const find = (event: Event): void => {
    event.preventDefault();
    if (text.trim() !== '') location.hash = href('trace', text.trim());
  };
  return (
    <form class="finder" role="search" onSubmit={find}>
      <label for="finder">Aggregate</label>
      <input
        id="finder"
        value={text}
        placeholder={`${session.aggregateTypes[0] ?? 'type'}/ID`}
        spellcheck={false}
        autocomplete="off"
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <button type="submit">Trace</button>
    </form>
  );
}

interface WaterfallProps {
  readonly trace: AggregateTrace;
  readonly now: number;
  readonly chosen: string;
  readonly onChoose: (eventId: string) => void;
}

function Waterfall({ trace, now, chosen, onChoose }: WaterfallProps) {
  const events = rowsOf(trace, now);
  const scale = timescale(spansOf(events));
  const [first] = events;
  const begin = first ? Date.parse(first.event.committedAt) : now;
  const selected: Selected | undefined = events.find(({ event }) => event.id === chosen) ?? first;
  const total = events.reduce(
    (latest, { rows }) => Math.max(latest, ...rows.flatMap(({ bars }) => bars.map(({ to }) => to))),
    begin,
  );
  return (
    <div class="split">
      <Panel
        title={`${trace.id}`}
        aside={
          <span class="muted">
            {several(events.length, 'event')}, {duration(total - begin)} in all, begun{' '}
            {moment(new Date(begin).toISOString())}
          </span>
        }
      >
        <p class="legend" aria-hidden="true">
          <span class="key is-way" /> on the way{' '}
          {trace.spans ? (
            <>
              <span class="key is-queued" /> in a queue <span class="key is-work" /> at work{' '}
              <span class="key is-call" /> calling outside{' '}
            </>
          ) : (
            <>
              <span class="key is-work" /> queued and at work{' '}
            </>
          )}
          <span class="key is-open" /> open
          <span class="key is-dead" /> set aside
        </p>
        <ol class="waterfall">
          {events.map((rows) => (
            <EventBlock
              key={rows.event.id}
              rows={rows}
              begin={begin}
              scale={scale}
              isChosen={rows.event.id === selected?.event.id}
              onChoose={onChoose}
            />
          ))}
        </ol>
      </Panel>
      {selected ? (
        <Panel title={`${selected.event.type}, event ${selected.event.sequence}`}>
          <Json value={selected.event.detail ?? 'Its content can’t be read any more.'} label="The event" />
          <RulesOf
            of={`${selected.aggregate}/${trace.id}`}
            sequence={selected.event.sequence}
            key={selected.event.id}
          />
        </Panel>
      ) : null}
    </div>
  );
}

interface BlockProps {
  readonly rows: EventRows;
  readonly begin: number;
  readonly scale: Timescale;
  readonly isChosen: boolean;
  readonly onChoose: (eventId: string) => void;
}

function EventBlock({ rows: { aggregate, event, cause, rows, notFor }, begin, scale, isChosen, onChoose }: BlockProps) {
  return (
    <li class={isChosen ? 'is-chosen' : ''}>
      <button type="button" class="event" aria-pressed={isChosen} onClick={() => onChoose(event.id)}>
        <b>{event.type}</b>
        <span class="muted">
          {aggregate} event {event.sequence}
          {cause === undefined ? '' : `, caused by ${cause}`}
        </span>
        <span class="spacer" />
        <span class="muted num">+{duration(Date.parse(event.committedAt) - begin)}</span>
      </button>
      {rows.map((row) => (
        <WaterfallRow key={row.label} row={row} scale={scale} />
      ))}
      {notFor.length === 0 ? null : <p class="not-for">not for {notFor.join(', ')}</p>}
    </li>
  );
}

function WaterfallRow({
  row: { label, bars, outcome, condition },
  scale,
}: {
  readonly row: Row;
  readonly scale: Timescale;
}) {
  const took =
    bars.length === 0
      ? ''
      : duration(Math.max(...bars.map(({ to }) => to)) - Math.min(...bars.map(({ from }) => from)));
  return (
    <div class="hop">
      <span class="label">{label}</span>
      <span class="track">
        {scale.gaps.map((gap) => (
          <span
            key={gap.from}
            class="gap"
            title={`${duration(gap.to - gap.from)} without anything`}
            style={{ left: `${gap.at * 100}%`, width: `${gap.width * 100}%` }}
          />
        ))}
        {bars.map((bar) => (
          <BarView key={`${bar.kind}${bar.from}${bar.to}`} bar={bar} scale={scale} />
        ))}
      </span>
      <span class="took num">{took}</span>
      <span class="outcome">
        <Sign condition={condition} silent /> {outcome}
      </span>
    </div>
  );
}

function BarView({ bar: { kind, from, to, title }, scale }: { readonly bar: Bar; readonly scale: Timescale }) {
  const left = scale.place(from) * 100;
  const width = scale.place(to) * 100 - left;
  return (
    <span
      class={`bar is-${kind}`}
      title={`${title}: ${duration(to - from)}`}
      style={{ left: `${left}%`, width: `${width}%` }}
    />
  );
}
