import { useEffect, useState } from 'preact/hooks';
import type { FailedView } from '@outbox/console-api';
import { useConsole } from '../console';
import { verdictOf, type Finding, type Verdict } from '../findings';
import { count, moment, several } from '../format';
import { LookButton, useLook } from '../look';
import { Confirm, DO, Note, Panel, Sign, Table } from '../parts';
import { href } from '../route';
import { SkipDialog } from './skip-dialog';
import { Unfinished } from './unfinished';

const SPANS = [
  { value: '1h', title: 'of an hour' },
  { value: '1d', title: 'of a day' },
  { value: '', title: 'of all time' },
];

/** What `--repair` mends. */
const REPAIRABLE = ['lost', 'late', 'failed'];

/** What is stuck: what doesn't get on, the verdict of a comparison, and what the sweeper gave up. */
export function StuckView() {
  return (
    <>
      <Unfinished />
      <Comparison />
      <Failed />
    </>
  );
}

function Comparison() {
  const { session, jobs, start } = useConsole();
  const [since, setSince] = useState('1d');
  const [repairs, setRepairs] = useState(false);
  const isComparing = jobs.some(
    ({ action, state }) => (action === 'reconcile' || action === 'repair') && state === 'running',
  );
  const verdict = jobs
    .map((job) => (job.action === 'reconcile' || job.action === 'repair' ? verdictOf(job) : undefined))
    .find(Boolean);
  const asked = since === '' ? {} : { since };
  const mendable = (verdict?.groups ?? [])
    .filter(({ kind }) => REPAIRABLE.includes(kind))
    .reduce((sum, { count: many }) => sum + many, 0);
  return (
    <Panel
      title="Outbox against consumers"
      aside={
        <>
          <label class="since">
            <span class="hidden">Events</span>
            <select value={since} onChange={({ currentTarget }) => setSince(currentTarget.value)}>
              {SPANS.map(({ value, title }) => (
                <option key={title} value={value}>
                  events {title}
                </option>
              ))}
            </select>
          </label>
          <button type="button" disabled={isComparing} onClick={() => start({ action: 'reconcile', ...asked })}>
            Compare
          </button>
          {session.write && mendable > 0 ? (
            <button type="button" class="primary" disabled={isComparing} onClick={() => setRepairs(true)}>
              Repair {count(mendable)}
            </button>
          ) : null}
        </>
      }
    >
      {verdict ? (
        <VerdictView verdict={verdict} />
      ) : (
        <Note>
          {isComparing
            ? 'Comparing …'
            : 'Compare to see whether anything is lost, late, held, doubled or out of order. It reads the tables, a capacity unit per 4 KB.'}
        </Note>
      )}
      {repairs ? (
        <Confirm
          title={`Have ${several(mendable, 'event')} published again?`}
          action={{ action: 'repair', ...asked }}
          verb="Repair"
          onConfirm={start}
          onClose={() => setRepairs(false)}
        >
          <p>
            What is lost, late or failed goes to the bus again. Whoever did it already does nothing; what a consumer
            could do a second time is left alone.
          </p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

function VerdictView({ verdict }: { readonly verdict: Verdict }) {
  const [skips, setSkips] = useState<Finding>();
  const { at, aggregates, events, groups, findings, repaired } = verdict;
  const scope = `${several(aggregates, 'aggregate')}, ${several(events, 'event')}, ${moment(at)}`;
  return (
    <>
      <p class="summary">
        <Sign condition={groups.length === 0 ? 'running' : 'behind'} silent />{' '}
        <b>
          {groups.length === 0
            ? 'Everything committed was done, once and in order.'
            : groups.map(sentenceOf).join(', ')}
        </b>{' '}
        <span class="muted">
          {scope}
          {repaired === undefined ? '' : `, ${count(repaired)} published again`}
        </span>
      </p>
      {findings.length === 0 ? null : (
        <Table label="Findings" columns={['what', 'event', 'consumer', 'why', DO]}>
          {findings.map((finding) => (
            <FindingRow key={JSON.stringify(finding)} finding={finding} onSkip={setSkips} />
          ))}
        </Table>
      )}
      {skips ? <SkipDialog event={skips} onClose={() => setSkips(undefined)} /> : null}
    </>
  );
}

function sentenceOf({ kind, consumer, count: many }: Verdict['groups'][number]): string {
  return `${count(many)} ${kind}${consumer === undefined ? '' : ` at ${consumer}`}`;
}

function FindingRow({ finding, onSkip }: { readonly finding: Finding; readonly onSkip: (finding: Finding) => void }) {
  const { session } = useConsole();
  const { kind, aggregate, id, sequence, type, consumer, detail } = finding;
  const isInOrder = session.consumers.some((each) => each.name === consumer && each.policy === 'in-order');
  const canSkip = session.write && isInOrder && sequence !== undefined && (kind === 'held' || kind === 'lost');
  return (
    <tr>
      <td>
        <b>{kind}</b>
      </td>
      <td>
        <a href={href('trace', `${aggregate}/${id}`)}>
          {aggregate}/{id}
        </a>{' '}
        <span class="muted">
          {sequence === undefined ? '' : `event ${sequence}`} {type}
        </span>
      </td>
      <td>{consumer ?? '–'}</td>
      <td>{detail}</td>
      <td>
        {canSkip ? (
          <button type="button" onClick={() => onSkip(finding)}>
            Skip …
          </button>
        ) : null}
      </td>
    </tr>
  );
}

function Failed() {
  const { session, jobs, start } = useConsole();
  const looks = useLook<readonly FailedView[]>('failed');
  const { found: failed, error, look } = looks;
  const ended = jobs.filter(({ action, state }) => action === 'retry-failed' && state !== 'running').length;
  useEffect(() => {
    if (ended > 0) look();
  }, [look, ended]);
  const canRetry = session.write && failed !== undefined && failed.length > 0;
  return (
    <Panel
      title="Given up by the sweeper"
      aside={
        <>
          <LookButton of={looks} />
          {session.write ? (
            <button type="button" onClick={() => start({ action: 'sweep' })}>
              Sweep now
            </button>
          ) : null}
          {canRetry ? (
            <button type="button" class="primary" onClick={() => start({ action: 'retry-failed' })}>
              Retry all
            </button>
          ) : null}
        </>
      }
    >
      {error === '' ? null : <Note kind="bad">{error}</Note>}
      {failed === undefined ? (
        <Note>Events that were published ten times and never came off the bus. Looking scans the outbox’s table.</Note>
      ) : null}
      {failed?.length === 0 ? <Note>No event was given up.</Note> : null}
      {failed && failed.length > 0 ? (
        <ul class="failed">
          {failed.map((item) => (
            <li key={`${item.aggregate}/${item.id}/${item.sequence}`}>
              <a href={href('trace', `${item.aggregate}/${item.id}`)}>
                {item.aggregate}/{item.id}
              </a>
              <span>
                event {item.sequence} {item.type ?? 'unreadable'}
              </span>
              <span class="muted">
                {moment(item.failedAt)}: {item.failure}
              </span>
              {session.write ? (
                <button
                  type="button"
                  onClick={() =>
                    start({
                      action: 'retry-failed',
                      aggregate: `${item.aggregate}/${item.id}`,
                      sequence: item.sequence,
                    })
                  }
                >
                  Retry
                </button>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}
