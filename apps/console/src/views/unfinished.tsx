import { useEffect, useState } from 'preact/hooks';
import type { StuckView } from '@outbox/console-api';
import { useConsole } from '../console';
import { count, duration, several } from '../format';
import { LookButton, useLook } from '../look';
import { DO, Note, Panel, Table } from '../parts';
import { href } from '../route';
import { SkipDialog } from './skip-dialog';

/** What each kind means, in the words of `outboxctl stuck`. */
const MEANINGS: Readonly<Record<StuckView['kind'], string>> = {
  failed: 'given up by the sweeper',
  held: 'set aside, later events wait',
  gap: 'missing, later events wait',
  retrying: 'failed, and tried again',
  claimed: 'a call outside is under way',
  dead: 'set aside',
  corrupt: 'an item can’t be read',
};

const SHOWN = 200;

/** Events that don't get on: where, for how long, why. */
export function Unfinished() {
  const { session, jobs } = useConsole();
  const looks = useLook<readonly StuckView[]>('stuck');
  const { found: stuck, error, look } = looks;
  const [skips, setSkips] = useState<StuckView>();
  // Again when something was done about it.
  const ended = jobs.filter(({ action, state }) => action === 'skip' && state !== 'running').length;
  useEffect(() => {
    if (ended > 0) look();
  }, [look, ended]);
  return (
    <Panel title="What doesn’t get on" aside={<LookButton of={looks} />}>
      {error === '' ? null : <Note kind="bad">{error}</Note>}
      {stuck === undefined && error === '' ? (
        <Note>Events that are claimed, tried again, missed or set aside. Looking scans the tables.</Note>
      ) : null}
      {stuck?.length === 0 ? <Note>Nothing is stuck.</Note> : null}
      {stuck && stuck.length > 0 ? (
        <Table label="What doesn’t get on" columns={['what', 'event', 'where', 'why', 'for', DO]}>
          {stuck.slice(0, SHOWN).map((each) => (
            <Row key={JSON.stringify(each)} stuck={each} canSkip={session.write} onSkip={setSkips} />
          ))}
        </Table>
      ) : null}
      {stuck && stuck.length > SHOWN ? (
        <Note>{count(stuck.length - SHOWN)} more: outboxctl stuck --limit 0</Note>
      ) : null}
      {skips ? <SkipDialog event={skips} onClose={() => setSkips(undefined)} /> : null}
    </Panel>
  );
}

interface RowProps {
  readonly stuck: StuckView;
  readonly canSkip: boolean;
  readonly onSkip: (stuck: StuckView) => void;
}

function Row({ stuck, canSkip, onSkip }: RowProps) {
  const { kind, aggregate, id, sequence, type, consumer, since, attempts, why } = stuck;
  const isWaitedFor = consumer !== undefined && (kind === 'held' || kind === 'gap');
  return (
    <tr>
      <th scope="row">{MEANINGS[kind]}</th>
      <td>
        <a href={href('trace', `${aggregate}/${id}`)}>
          {aggregate}/{id}
        </a>{' '}
        {sequence === undefined ? '' : `event ${sequence}`} {type}
      </td>
      <td>{consumer ?? 'on the way to the bus'}</td>
      <td>
        {why}
        {attempts === undefined ? null : <span class="detail">{several(attempts, 'attempt')}</span>}
      </td>
      <td class="num">{since === undefined ? '' : duration(Date.now() - Date.parse(since))}</td>
      <td>
        {canSkip && isWaitedFor ? (
          <button type="button" onClick={() => onSkip(stuck)}>
            Skip …
          </button>
        ) : null}
      </td>
    </tr>
  );
}
