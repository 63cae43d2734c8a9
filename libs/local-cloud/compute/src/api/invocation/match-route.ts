import type { RouteRecord } from '../model';

export interface RouteMatch {
  readonly route: RouteRecord;
  /** Decoded values of the path's variables; undefined when it has none. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

interface Candidate extends RouteMatch {
  /** Greater is more specific, compared from the left. */
  readonly rank: readonly number[];
}

/**
 * The route for a request: the most specific path whose method fits, an exact method before ANY, a greedy path after
 * every full match, `$default` last. Source: API Gateway developer guide, http-api-develop-routes.
 * @param path as it was sent, without stage and query
 */
export function matchRoute(routes: readonly RouteRecord[], method: string, path: string): RouteMatch | undefined {
  const segments = path.split('/').slice(1);
  const candidates = routes.flatMap((route) => candidate(route, method, segments) ?? []);
  return candidates.reduce<Candidate | undefined>(
    (best, one) => (best && !isBetter(one.rank, best.rank) ? best : one),
    undefined,
  );
}

function candidate(route: RouteRecord, method: string, segments: readonly string[]): Candidate | undefined {
  if (route.routeKey === '$default') return { route, pathParameters: undefined, rank: [0] };
  const [wantedMethod, pattern = ''] = route.routeKey.split(' ');
  if (wantedMethod !== 'ANY' && wantedMethod !== method) return undefined;
  const wanted = pattern.split('/').slice(1);
  const parameters: [string, string][] = [];
  const rank: number[] = [];
  for (const [index, part] of wanted.entries()) {
    const segment = segments[index];
    const [, name, greedy] = /^\{(.+?)(\+?)\}$/.exec(part) ?? [];
    if (name === undefined) {
      if (segment === undefined || decode(segment) !== part) return undefined;
      rank.push(3);
    } else if (greedy) {
      const rest = segments.slice(index).join('/');
      if (rest === '') return undefined;
      parameters.push([name, decode(rest)]);
      rank.push(1);
      return finish(route, parameters, [1, ...rank], wantedMethod);
    } else {
      if (!segment) return undefined;
      parameters.push([name, decode(segment)]);
      rank.push(2);
    }
  }
  if (segments.length !== wanted.length) return undefined;
  return finish(route, parameters, [2, ...rank], wantedMethod);
}

function finish(
  route: RouteRecord,
  parameters: [string, string][],
  rank: number[],
  method: string | undefined,
): Candidate {
  return {
    route,
    pathParameters: parameters.length > 0 ? Object.fromEntries(parameters) : undefined,
    rank: [...rank, method === 'ANY' ? 0 : 1],
  };
}

function isBetter(a: readonly number[], b: readonly number[]): boolean {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Percent-decoded; what is no UTF-8 stays as it is. */
export function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
