import { useState } from 'preact/hooks';
import { useConsole } from '../console';
import { Confirm } from '../parts';

/** The event that an in-order consumer stands at. */
export interface Skippable {
  readonly aggregate: string;
  readonly id: string;
  readonly sequence?: number;
  readonly consumer?: string;
}

/** Asks for the reason why a consumer may pass over an event. */
export function SkipDialog({ event, onClose }: { readonly event: Skippable; readonly onClose: () => void }) {
  const { start } = useConsole();
  const [reason, setReason] = useState('');
  const { aggregate, id, sequence = 1, consumer = '' } = event;
  const of = `${aggregate}/${id}`;
  return (
    <Confirm
      title={`Have ${consumer} pass over event ${sequence} of ${of}?`}
      action={{ action: 'skip', aggregate: of, consumer, to: sequence, reason }}
      verb="Skip"
      disabled={reason.trim() === ''}
      onConfirm={start}
      onClose={onClose}
    >
      <p>
        No effect of it will ever be made there; the events after it go on. It is written down with your name and the
        reason.
      </p>
      <label>
        Reason
        <input value={reason} required onInput={({ currentTarget }) => setReason(currentTarget.value)} />
      </label>
    </Confirm>
  );
}
