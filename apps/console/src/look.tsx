import { useCallback, useRef, useState } from 'preact/hooks';
import { read } from './api';

/** What was read on demand, and how to read it again. */
export interface Look<T> {
  /** undefined until something was found. */
  readonly found: T | undefined;
  /** Why the last look failed; empty when it didn't. */
  readonly error: string;
  readonly isLooking: boolean;
  readonly look: () => void;
}

/** Reads `path` (below `api/`) whenever it is told to; of several looks at a time the last one counts. */
export function useLook<T>(path: string): Look<T> {
  const [found, setFound] = useState<T>();
  const [error, setError] = useState('');
  const [isLooking, setLooking] = useState(false);
  const asked = useRef(0);
  const look = useCallback(() => {
    const mine = (asked.current += 1);
    setLooking(true);
    read<T>(path)
      .then(
        (value) => {
          if (mine !== asked.current) return;
          setFound(value);
          setError('');
        },
        (reason: Error) => mine === asked.current && setError(reason.message),
      )
      .finally(() => mine === asked.current && setLooking(false));
  }, [path]);
  return { found, error, isLooking, look };
}

/** Looks, and says while it does. */
export function LookButton<T>({
  of: { isLooking, look },
  again = false,
}: {
  readonly of: Look<T>;
  readonly again?: boolean;
}) {
  const words = again ? 'Look again' : 'Look';
  return (
    <button type="button" aria-busy={isLooking} onClick={look}>
      {isLooking ? 'Looking …' : words}
    </button>
  );
}
