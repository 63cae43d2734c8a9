import { useState } from 'preact/hooks';
import type { Job } from '@outbox/console-api';
import { useConsole } from './console';
import { timeOfDay } from './format';
import { Json } from './parts';

/** What was done from here, at the foot of the page: the newest, and on demand all. */
export function Jobs({ refused, onSeen }: { readonly refused: string; readonly onSeen: () => void }) {
  const { jobs } = useConsole();
  const [isOpen, setOpen] = useState(false);
  const [newest] = jobs;
  if (!newest && refused === '') return null;
  return (
    <footer class="jobs" aria-label="What was done from here">
      {refused === '' ? null : (
        <p class="job is-failed" role="alert">
          <span>{refused}</span>
          <button type="button" onClick={onSeen}>
            Close
          </button>
        </p>
      )}
      <div role="status">{newest ? <JobLine job={newest} /> : null}</div>
      {jobs.length > 0 ? (
        <button type="button" class="more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Close' : `All ${jobs.length}`}
        </button>
      ) : null}
      {isOpen ? (
        <ol class="history">
          {jobs.map((job) => (
            <li key={job.id}>
              <details>
                <summary>
                  <JobLine job={job} />
                </summary>
                <Json value={printedBy(job)} label={`What ${job.command} printed`} />
              </details>
            </li>
          ))}
        </ol>
      ) : null}
    </footer>
  );
}

function JobLine({ job }: { readonly job: Job }) {
  return (
    <p class={`job is-${job.state}`}>
      <span class="muted num">{timeOfDay(job.startedAt)}</span>
      <code>{job.command}</code>
      <span class="outcome">{outcomeOf(job)}</span>
    </p>
  );
}

/** What a job printed: its only value, or all of them, such as a line for each dead letter that was dropped. */
function printedBy({ error, output, progress }: Job): unknown {
  if (error !== undefined) return error;
  return output.length > 1 ? output : (output[0] ?? progress);
}

/** What came of a job, in words. */
export function outcomeOf({ state, progress, output, error }: Job): string {
  if (state === 'running') return progress === '' ? 'running …' : progress;
  if (error !== undefined) return error;
  const last = output.at(-1);
  return typeof last === 'object' && last !== null ? figuresOf(last) : 'done';
}

/** The figures of a report, as `12 redriven, 3 unwanted`; the other members are for the details. */
function figuresOf(report: object): string {
  const words = Object.entries(report).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'number' && value > 0
      ? [`${value} ${name === 'count' ? 'dropped' : name}`]
      : name === 'retried' && Array.isArray(value)
        ? [`${value.length} retried`]
        : name === 'state' && typeof value === 'string'
          ? [value]
          : [],
  );
  return words.length === 0 ? 'done, nothing to do' : `done: ${words.join(', ')}`;
}
