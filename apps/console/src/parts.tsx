import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { commandLine, type Action, type Condition } from '@outbox/console-api';

/** How a condition is said. */
export const CONDITION_WORDS: Readonly<Record<Condition, string>> = {
  running: 'running',
  waiting: 'waiting',
  behind: 'behind',
  failing: 'failing',
  stopped: 'stopped',
};

const SHAPES: Readonly<Record<Condition, string>> = {
  running: 'M6 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z',
  waiting: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z',
  behind: 'M6 1 11.5 10.5H.5Z',
  failing: 'M2.6 1.2 6 4.6l3.4-3.4 1.4 1.4L7.4 6l3.4 3.4-1.4 1.4L6 7.4l-3.4 3.4-1.4-1.4L4.6 6 1.2 2.6Z',
  stopped: 'M1.5 1.5h9v9h-9Z',
};

/** A condition as shape and colour; the word stands beside it, or is read out. */
export function Sign({ condition, silent = false }: { readonly condition: Condition; readonly silent?: boolean }) {
  const words = CONDITION_WORDS[condition];
  return (
    <svg
      class={`sign is-${condition}`}
      viewBox="0 0 12 12"
      width="12"
      height="12"
      {...(silent ? { 'aria-hidden': true } : { role: 'img', 'aria-label': words })}
    >
      <path d={SHAPES[condition]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}

const SPARK = { width: 90, height: 18 };

/** The last half hour, a bar a minute. */
export function Spark({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const max = Math.max(1, ...values);
  const step = SPARK.width / Math.max(1, values.length);
  return (
    <svg class="spark" viewBox={`0 0 ${SPARK.width} ${SPARK.height}`} role="img" aria-label={label}>
      <line x1="0" x2={SPARK.width} y1={SPARK.height - 0.5} y2={SPARK.height - 0.5} />
      {values.map((value, index) => {
        const height = value === 0 ? 0 : Math.max(1.5, (value / max) * (SPARK.height - 1));
        return (
          <rect key={index} x={index * step} y={SPARK.height - height} width={Math.max(1, step - 1)} height={height} />
        );
      })}
    </svg>
  );
}

/** JSON as text; nothing of it is ever markup. */
export function Json({ value, label }: { readonly value: unknown; readonly label: string }) {
  return (
    <pre class="json" tabIndex={0} role="region" aria-label={label}>
      {typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)}
    </pre>
  );
}

/** A body that may be JSON in text. */
export function Body({ text, label }: { readonly text: string; readonly label: string }) {
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // As it is.
  }
  return <Json value={value} label={label} />;
}

export interface PanelProps {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Panel({ title, aside, children }: PanelProps) {
  return (
    <section class="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {aside === undefined ? null : <div class="aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

export interface TableProps {
  /** What is read out of the region that it scrolls in. */
  readonly label: string;
  /** Heads of the columns, left to right; that of buttons is read out only. */
  readonly columns: readonly string[];
  readonly children: ComponentChildren;
}

/** The column of buttons. */
export const DO = 'do';

/** Rows under heads, in a frame of their own that scrolls. */
export function Table({ label, columns, children }: TableProps) {
  return (
    <div class="scroll rows" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name === DO ? <span class="hidden">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** Something went wrong, or is under way, in a sentence. */
export function Note({
  kind = 'quiet',
  children,
}: {
  readonly kind?: 'quiet' | 'bad';
  readonly children: ComponentChildren;
}) {
  return (
    <p class={`note is-${kind}`} role={kind === 'bad' ? 'alert' : undefined}>
      {children}
    </p>
  );
}

export interface ConfirmProps {
  readonly title: string;
  readonly action: Action;
  readonly verb: string;
  readonly disabled?: boolean;
  readonly onConfirm: (action: Action) => void;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}

/** Asks before something changes, and shows the command that does the same. */
export function Confirm({ title, action, verb, disabled = false, onConfirm, onClose, children }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const confirm = (event: Event): void => {
    event.preventDefault();
    if (disabled) return;
    onConfirm(action);
    onClose();
  };
  return (
    <dialog ref={dialog} class="confirm" aria-label={title} onClose={onClose}>
      <form onSubmit={confirm}>
        <h2>{title}</h2>
        {children}
        <p class="muted">The same on the command line:</p>
        <code class="command">{commandLine(action)}</code>
        <div class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={disabled}>
            {verb}
          </button>
        </div>
      </form>
    </dialog>
  );
}
