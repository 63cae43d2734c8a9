import { useEffect, useState } from 'preact/hooks';
import type { Action, DeadLetters, DeadLetterView } from '@outbox/console-api';
import { useConsole } from '../console';
import { count, moment, several } from '../format';
import { groupLetters, type LetterGroup } from '../groups';
import { LookButton, useLook, type Look } from '../look';
import { Body, Confirm, Note, Panel } from '../parts';
import { href } from '../route';
import { atLeast, DropDialog, type Dropping } from './drop-dialog';

type Redrive = Extract<Action, { action: 'redrive' }>;

interface Preview {
  readonly action: Redrive;
  readonly letters: readonly DeadLetterView[];
  /** How many there are, which may be more than are shown. */
  readonly many: number;
  /** There may be more than that: not all of the queue was read. */
  readonly isLeast?: boolean;
}

/** What was set aside anywhere, by what it died of. */
export function DeadLettersView() {
  const { session, jobs, start } = useConsole();
  const looks = useLook<DeadLetters>('dead-letters');
  const { found: dead, error, look } = looks;
  const [chosen, setChosen] = useState('');
  const [preview, setPreview] = useState<Preview>();
  const [dropping, setDropping] = useState<Dropping>();

  // Again when a redrive or a drop has ended.
  const ended = jobs.filter(
    ({ action, state }) => (action === 'redrive' || action === 'drop') && state !== 'running',
  ).length;
  useEffect(look, [look, ended]);

  const groups = groupLetters(dead?.letters ?? []);
  const group = groups.find(({ key }) => key === chosen) ?? groups[0];
  return (
    <>
      {error === '' ? null : <Note kind="bad">{error}</Note>}
      {dead && groups.length === 0 ? <NothingSeen hidden={sum(Object.values(dead.counts))} of={looks} /> : null}
      {dead === undefined && error === '' ? <Note>Reading the dead-letter queues …</Note> : null}
      {group ? (
        <div class="split is-listed">
          <Panel title="By reason" aside={<LookButton of={looks} again />}>
            <Groups groups={groups} chosen={group.key} onChoose={setChosen} />
            {unread(dead).map(({ consumer, read: shown, many }) => (
              <Note key={consumer}>
                {count(shown)} of {count(many)} of {consumer} were read. A redrive of a whole reason takes those of the
                others, too.
              </Note>
            ))}
            {session.write ? (
              <div class="buttons">
                {Object.entries(dead?.counts ?? {})
                  .filter(([, many]) => many > 0)
                  .map(([consumer, many]) => (
                    <button
                      key={consumer}
                      type="button"
                      onClick={() =>
                        setPreview({
                          action: { action: 'redrive', consumer },
                          letters: lettersOf(dead, consumer),
                          many,
                        })
                      }
                    >
                      Redrive all of {consumer} ({count(many)})
                    </button>
                  ))}
              </div>
            ) : null}
          </Panel>
          <Letters
            group={group}
            isLeast={group.isWholeReason && unread(dead).some(({ consumer }) => consumer === group.consumer)}
            onRedrive={setPreview}
            onDrop={setDropping}
          />
        </div>
      ) : null}
      {dropping ? <DropDialog dropping={dropping} onClose={() => setDropping(undefined)} /> : null}
      {preview ? <PreviewDialog preview={preview} onConfirm={start} onClose={() => setPreview(undefined)} /> : null}
    </>
  );
}

/** No letter could be read: there is none, or a run that was killed has some for a while. */
function NothingSeen({ hidden, of }: { readonly hidden: number; readonly of: Look<DeadLetters> }) {
  if (hidden === 0) return <Note>Nothing was set aside.</Note>;
  return (
    <Panel title="Dead letters" aside={<LookButton of={of} again />}>
      <Note>
        {several(hidden, 'dead letter')} can’t be seen: a run has received them. If it was killed they are back within
        half a minute, or within four if it held more than 12,000.
      </Note>
    </Panel>
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Consumers that have more than was read. */
function unread(dead: DeadLetters | undefined) {
  return Object.entries(dead?.counts ?? {})
    .map(([consumer, many]) => ({ consumer, many, read: lettersOf(dead, consumer).length }))
    .filter(({ many, read: shown }) => shown < many);
}

function lettersOf(dead: DeadLetters | undefined, consumer: string): readonly DeadLetterView[] {
  return (dead?.letters ?? []).filter((letter) => letter.consumer === consumer);
}

interface GroupsProps {
  readonly groups: readonly LetterGroup[];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

function Groups({ groups, chosen, onChoose }: GroupsProps) {
  return (
    <ul class="choices">
      {groups.map(({ key, consumer, reason, pattern, letters }) => (
        <li key={key}>
          <button type="button" aria-pressed={key === chosen} onClick={() => onChoose(key)}>
            <span class="num many">{count(letters.length)}</span>
            <span>
              <b>{reason}</b> <span class="muted">at {consumer}</span>
              {pattern === '' ? null : <span class="detail">{pattern}</span>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Letters({
  group,
  isLeast,
  onRedrive,
  onDrop,
}: {
  readonly group: LetterGroup;
  /** More of the reason may be there than were read, and what is done to all of it is done to those, too. */
  readonly isLeast: boolean;
  readonly onRedrive: (preview: Preview) => void;
  readonly onDrop: (dropping: Dropping) => void;
}) {
  const { session } = useConsole();
  const { consumer, reason, letters, isWholeReason } = group;
  // By reason alone it would take those of the other groups, too.
  const many = letters.length;
  const chosen = isWholeReason ? { reason } : { messages: letters.map(({ messageId }) => messageId) };
  return (
    <Panel
      title={`${reason} at ${consumer}`}
      aside={
        session.write ? (
          <>
            <button type="button" onClick={() => onDrop({ consumer, ...chosen, many, isLeast })}>
              Drop …
            </button>
            <button
              type="button"
              class="primary"
              onClick={() => onRedrive({ action: { action: 'redrive', consumer, ...chosen }, letters, many, isLeast })}
            >
              Redrive {isLeast ? `all of ${reason}` : several(many, 'letter')}
            </button>
          </>
        ) : undefined
      }
    >
      <ul class="letters">
        {letters.map((letter) => (
          <li key={letter.messageId}>
            <details>
              <summary>
                <b>{letter.event?.type ?? 'no event'}</b>
                <span class="muted">
                  {letter.event
                    ? `${letter.event.aggregate}/${letter.event.id} event ${letter.event.sequence}`
                    : letter.messageId}
                </span>
              </summary>
              <p>{letter.detail ?? 'Nothing more is known: SQS moved it after its last receive.'}</p>
              <p class="muted">
                {[
                  ...(letter.firstReceivedAt === undefined ? [] : [`first received ${moment(letter.firstReceivedAt)}`]),
                  ...(letter.receiveCount === undefined ? [] : [`received ${several(letter.receiveCount, 'time')}`]),
                  `message ${letter.messageId}`,
                ].join(', ')}
              </p>
              <Body text={letter.body} label="The message" />
              <p class="buttons">
                {letter.event ? (
                  <a href={href('trace', `${letter.event.aggregate}/${letter.event.id}`)}>Trace</a>
                ) : null}
                {session.write && letter.event ? (
                  <button
                    type="button"
                    onClick={() =>
                      onRedrive({
                        action: { action: 'redrive', consumer, messages: [letter.messageId] },
                        letters: [letter],
                        many: 1,
                      })
                    }
                  >
                    Redrive this one
                  </button>
                ) : null}
                {session.write ? (
                  <button type="button" onClick={() => onDrop({ consumer, messages: [letter.messageId], many: 1 })}>
                    Drop this one …
                  </button>
                ) : null}
              </p>
            </details>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const EXAMPLES = 5;

function PreviewDialog({
  preview,
  onConfirm,
  onClose,
}: {
  readonly preview: Preview;
  readonly onConfirm: (action: Action) => void;
  readonly onClose: () => void;
}) {
  const { action, letters, many, isLeast = false } = preview;
  const { session } = useConsole();
  // What the pipe and the sweeper's schedule set aside is no message of the bus, and comes back all the same.
  const isConsumer = session.consumers.some(({ name }) => name === action.consumer);
  const unreadable = isConsumer ? letters.filter(({ event }) => !event).length : 0;
  return (
    <Confirm
      title={`Send ${atLeast(isLeast)}${several(many, 'dead letter')} back to ${action.consumer}?`}
      action={action}
      verb="Redrive"
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        The consumer takes each as any message: what it has done already it does not do again. Mend the reason first, or
        they die again.
      </p>
      <ul class="preview">
        {letters.slice(0, EXAMPLES).map(({ messageId, event }) => (
          <li key={messageId}>
            {event ? `${event.type}, ${event.aggregate}/${event.id} event ${event.sequence}` : `message ${messageId}`}
          </li>
        ))}
        {many > EXAMPLES ? (
          <li class="muted">
            and {atLeast(isLeast)}
            {count(many - EXAMPLES)} more
          </li>
        ) : null}
      </ul>
      {unreadable > 0 ? (
        <p>{several(unreadable, 'of them is no event and stays', 'of them are no events and stay')}.</p>
      ) : null}
    </Confirm>
  );
}
