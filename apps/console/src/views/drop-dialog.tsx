import { useState } from 'preact/hooks';
import { useConsole } from '../console';
import { several } from '../format';
import { Confirm } from '../parts';

/** Dead letters that are to go for good. */
export interface Dropping {
  readonly consumer: string;
  readonly reason?: string;
  readonly messages?: readonly string[];
  readonly many: number;
}

/** Asks why dead letters may go. */
export function DropDialog({ dropping, onClose }: { readonly dropping: Dropping; readonly onClose: () => void }) {
  const { start } = useConsole();
  const [because, setBecause] = useState('');
  const { consumer, reason, messages, many } = dropping;
  const meant = { ...(reason === undefined ? {} : { reason }), ...(messages === undefined ? {} : { messages }) };
  return (
    <Confirm
      title={`Drop ${several(many, 'dead letter')} of ${consumer} for good?`}
      action={{ action: 'drop', consumer, ...meant, because }}
      verb="Drop"
      disabled={because.trim() === ''}
      onConfirm={start}
      onClose={onClose}
    >
      <p>
        They are gone then, and nothing brings them back. Each is named with the time, who dropped it and the reason: at
        the foot of this page, and on the console’s own output.
      </p>
      <label>
        Reason
        <input value={because} required onInput={({ currentTarget }) => setBecause(currentTarget.value)} />
      </label>
    </Confirm>
  );
}
