import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Action, Job, Pipeline, Session } from '@outbox/console-api';
import { act, listen, read } from './api';
import { ConsoleContext, type ConsoleState } from './console';
import { Header } from './header';
import { Jobs } from './jobs';
import { Note } from './parts';
import { useRoute } from './route';
import { AlarmsView } from './views/alarms';
import { DeadLettersView } from './views/dead-letters';
import { DeniedView } from './views/denied';
import { LiveView } from './views/live';
import { PipelineView } from './views/pipeline';
import { StuckView } from './views/stuck';
import { TraceView } from './views/trace';
import { TryView } from './views/try';

/** The whole page. */
export function App() {
  const [session, setSession] = useState<Session>();
  const [error, setError] = useState('');
  useEffect(() => {
    read<Session>('session').then(setSession, (reason: Error) => setError(reason.message));
  }, []);
  if (error !== '') {
    return (
      <main class="alone">
        <h1>Outbox console</h1>
        <Note kind="bad">{error}</Note>
      </main>
    );
  }
  return session ? <Page session={session} /> : <main class="alone" aria-busy="true" />;
}

function Page({ session }: { readonly session: Session }) {
  const route = useRoute();
  const [pipeline, setPipeline] = useState<Pipeline>();
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  const [trouble, setTrouble] = useState('');
  const [refused, setRefused] = useState('');
  const [isConnected, setConnected] = useState(true);

  useEffect(() => {
    const note = (job: Job): void => setJobs((known) => withJob(known, job));
    read<readonly Job[]>('jobs').then(setJobs, (reason: Error) => setRefused(reason.message));
    return listen({ pipeline: setPipeline, job: note, trouble: setTrouble, connected: setConnected });
  }, []);

  const start = useCallback(
    (action: Action) => {
      setRefused('');
      act(session, action).then(
        (job) => setJobs((known) => (known.some(({ id }) => id === job.id) ? known : [job, ...known])),
        (reason: Error) => setRefused(reason.message),
      );
    },
    [session],
  );
  const state = useMemo<ConsoleState>(() => ({ session, pipeline, jobs, start }), [session, pipeline, jobs, start]);

  useEffect(() => {
    document.title = `${session.source} · Outbox console`;
  }, [session]);

  return (
    <ConsoleContext.Provider value={state}>
      <Header view={route.view === '' ? 'pipeline' : route.view} isConnected={isConnected} />
      <main id="main" tabIndex={-1}>
        {trouble === '' ? null : <Note kind="bad">{trouble}</Note>}
        {viewOf(route.view, route.rest)}
      </main>
      <Jobs refused={refused} onSeen={() => setRefused('')} />
    </ConsoleContext.Provider>
  );
}

function viewOf(view: string, rest: string) {
  switch (view) {
    case 'trace':
      return <TraceView of={rest} key={rest} />;
    case 'dead-letters':
      return <DeadLettersView />;
    case 'live':
      return <LiveView />;
    case 'stuck':
      return <StuckView />;
    case 'alarms':
      return <AlarmsView />;
    case 'denied':
      return <DeniedView />;
    case 'try':
      return <TryView />;
    default:
      return <PipelineView />;
  }
}

function withJob(known: readonly Job[], job: Job): readonly Job[] {
  return known.some(({ id }) => id === job.id)
    ? known.map((each) => (each.id === job.id ? job : each))
    : [job, ...known];
}
