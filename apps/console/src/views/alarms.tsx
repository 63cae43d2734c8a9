import type { AlarmView, Condition } from '@outbox/console-api';
import { useConsole } from '../console';
import { moment, several } from '../format';
import { Note, Panel, Sign, Table } from '../parts';

const CONDITIONS: Readonly<Record<AlarmView['state'], { readonly condition: Condition; readonly words: string }>> = {
  ALARM: { condition: 'failing', words: 'rings' },
  INSUFFICIENT_DATA: { condition: 'waiting', words: 'no data' },
  OK: { condition: 'running', words: 'quiet' },
};

/** Every alarm of the stack, those that ring first. */
export function AlarmsView() {
  const { pipeline } = useConsole();
  if (!pipeline) return <Note>Looking at the alarms …</Note>;
  const ringing = pipeline.alarms.filter(({ state }) => state === 'ALARM').length;
  return (
    <Panel
      title="Alarms"
      aside={<span class="muted">{ringing === 0 ? 'none rings' : `${several(ringing, 'alarm')} ring`}</span>}
    >
      {pipeline.alarms.length === 0 ? <Note>The stack’s outputs name no alarms.</Note> : null}
      <Table label="Alarms" columns={['state', 'alarm', 'means', 'since']}>
        {pipeline.alarms.map((alarm) => (
          <AlarmRow key={alarm.name} alarm={alarm} />
        ))}
      </Table>
    </Panel>
  );
}

function AlarmRow({ alarm: { name, state, reason, since, description, runbook } }: { readonly alarm: AlarmView }) {
  const { condition, words } = CONDITIONS[state];
  return (
    <tr>
      <td class="state">
        <Sign condition={condition} silent /> {words}
      </td>
      <th scope="row">{name}</th>
      <td>
        {description}
        {state === 'ALARM' ? <span class="detail">{reason}</span> : null}
        {runbook === undefined ? null : <Runbook place={runbook} />}
      </td>
      <td class="num muted">{since === undefined ? '' : moment(since)}</td>
    </tr>
  );
}

/** A link where it is an address of the web; anything else is text, whatever it says it is. */
function Runbook({ place }: { readonly place: string }) {
  if (!/^https?:\/\//.test(place)) return <code class="detail">{place}</code>;
  return (
    <a href={place} rel="noreferrer" target="_blank">
      What to do
    </a>
  );
}
