import { useEffect } from 'preact/hooks';
import type { DenialView } from '@outbox/console-api';
import { moment, several } from '../format';
import { LookButton, useLook } from '../look';
import { Note, Panel, Table } from '../parts';

/** What IAM denied, to whom and why: of a stack on the local cloud. */
export function DeniedView() {
  const looks = useLook<readonly DenialView[]>('denials');
  const { found: denials, error, look } = looks;
  useEffect(look, [look]);
  if (error !== '') return <Note kind="bad">{error}</Note>;
  if (!denials) return <Note>Asking what was denied …</Note>;
  return (
    <Panel title="Denied" aside={<LookButton of={looks} again />}>
      {denials.length === 0 ? <Note>Nothing was denied since the local cloud started.</Note> : null}
      <Table label="Denied" columns={['who', 'what', 'how often', 'last']}>
        {denials.map((denial) => (
          <DenialRow key={keyOf(denial)} denial={denial} />
        ))}
      </Table>
    </Panel>
  );
}

/** What tells one from another; how often and when it was denied changes. */
function keyOf({ principal, action, resource, statement }: DenialView): string {
  return JSON.stringify([principal, action, resource, statement]);
}

function DenialRow({ denial }: { readonly denial: DenialView }) {
  const { principal, action, resource, message, statement, count, lastAt } = denial;
  return (
    <tr>
      <th scope="row">{principal.replace(/^arn:[^:]*:iam::\d+:/, '')}</th>
      <td>
        <code>{action}</code> on <code>{resource}</code>
        <span class="detail">{reasonOf(message)}</span>
        {statement === undefined ? null : (
          <span class="detail">
            Denied by statement <code>{statement}</code>
          </span>
        )}
      </td>
      <td>{several(count, 'time')}</td>
      <td class="num muted">{moment(lastAt)}</td>
    </tr>
  );
}

/** AWS's message without what stands beside it: from the kind of policy that decided. */
function reasonOf(message: string): string {
  return /(?:because|with an explicit deny) .*$/.exec(message)?.[0] ?? message;
}
