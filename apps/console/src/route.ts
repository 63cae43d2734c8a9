import { useEffect, useState } from 'preact/hooks';

/** Where the page is: `#/trace/parcel%2F17` is the view `trace` with `parcel/17`. */
export interface Route {
  readonly view: string;
  readonly rest: string;
}

/** Reads a location's hash; what can't be decoded is taken as it is. */
export function parseRoute(hash: string): Route {
  const [, view = '', rest = ''] = /^#\/([a-z-]*)\/?(.*)$/s.exec(hash) ?? [];
  return { view, rest: decoded(rest) };
}

/** The address of a view within the page. */
export function href(view: string, rest = ''): string {
  return `#/${view}${rest === '' ? '' : `/${encodeURIComponent(rest)}`}`;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = (): void => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
