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
  /** There may be more than that: not all of the queue was read. */
  readonly isLeast?: boolean;
}

/** What stands before a number that may be too low. */
export function atLeast(isLeast: boolean): string {
  return isLeast ? 'at least ' : '';
}

/** Asks why dead letters may go. */
export function DropDialog({ dropping, onClose }: { readonly dropping: Dropping; readonly onClose: () => void }) {
  const { start } = useConsole();
  const [because, setBecause] = useState('');
  const { consumer, reason, messages, many, isLeast = false } = dropping;
  const meant = { ...(reason === undefined ? {} : { reason }), ...(messages === undefined ? {} : { messages }) };
  return (
    <Confirm
      title={`Drop ${atLeast(isLeast)}${several(many, 'dead letter')} of ${consumer} for good?`}
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
