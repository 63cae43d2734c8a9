import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Action, Job, Pipeline, Session } from '@outbox/console-api';

/** What every view works with. */
export interface ConsoleState {
  readonly session: Session;
  /** undefined until the first figures are there. */
  readonly pipeline: Pipeline | undefined;
  /** The newest first. */
  readonly jobs: readonly Job[];
  /** Has an action done; what goes wrong is told at the foot of the page. */
  readonly start: (action: Action) => void;
}

export const ConsoleContext = createContext<ConsoleState | undefined>(undefined);

/** @throws when it is used outside of the page */
export function useConsole(): ConsoleState {
  const state = useContext(ConsoleContext);
  if (!state) throw new Error('no console around this view');
  return state;
}
