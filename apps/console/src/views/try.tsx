import { useState } from 'preact/hooks';
import type { OfferedRequest, Sent } from '@outbox/console-api';
import { post } from '../api';
import { useConsole } from '../console';
import { several } from '../format';
import { Json, Note, Panel } from '../parts';

/** How often a request is sent; at once, or at a steady rate for a minute. */
const LOADS: readonly { readonly count: number; readonly perSecond?: number }[] = [
  ...[1, 10, 100, 1_000].map((count) => ({ count })),
  ...[2, 5, 10].map((perSecond) => ({ count: perSecond * 60, perSecond })),
];

/** Requests that a stack on this machine offers to try it out with: what makes load, breaks things and heals them. */
export function TryView() {
  const { session } = useConsole();
  const groups = [...new Set(session.requests.map(({ group }) => group))];
  return (
    <div class="tries">
      {groups.map((group) => (
        <Panel key={group} title={group}>
          <ul>
            {session.requests.map((request, index) =>
              request.group === group ? <Try key={index} request={request} index={index} /> : null,
            )}
          </ul>
        </Panel>
      ))}
    </div>
  );
}

function Try({ request, index }: { readonly request: OfferedRequest; readonly index: number }) {
  const { session } = useConsole();
  const [load, setLoad] = useState(0);
  const [sent, setSent] = useState<Sent>();
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState('');
  const send = (): void => {
    setSending(true);
    setError('');
    post<Sent>(session, 'requests', { request: index, ...LOADS[load] })
      .then(setSent, (reason: Error) => setError(reason.message))
      .finally(() => setSending(false));
  };
  return (
    <li>
      <p>
        <button type="button" disabled={isSending || !session.write} onClick={send}>
          {request.title}
        </button>
        {request.repeatable ? (
          <select
            aria-label={`How often: ${request.title}`}
            value={load}
            onChange={({ currentTarget }) => setLoad(Number(currentTarget.value))}
          >
            {LOADS.map(({ count, perSecond }, each) => (
              <option key={each} value={each}>
                {perSecond === undefined ? several(count, 'time') : `${perSecond} a second, for a minute`}
              </option>
            ))}
          </select>
        ) : null}
        <code class="muted">
          {request.method} {request.path}
        </code>
      </p>
      {isSending ? <Note>Sending …</Note> : null}
      {error === '' ? null : <Note kind="bad">{error}</Note>}
      {sent && !isSending ? (
        <details>
          <summary>
            {Object.entries(sent.statuses)
              .map(([status, many]) => `${status}: ${several(many, 'time')}`)
              .join(', ')}
          </summary>
          <Json value={sent.body} label={`The last answer to: ${request.title}`} />
        </details>
      ) : null}
    </li>
  );
}
