/** What a request's path and method select among a function's routes. */
export type RouteMatch<T> =
  | { readonly kind: 'match'; readonly target: T; readonly parameters: Readonly<Record<string, string>> }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'not-found' };

/**
 * Selects by routes in API Gateway's notation (`GET /orders/{orderId}`). `path` is `rawPath`, which API Gateway has
 * percent-decoded already, so a segment is taken as it is.
 */
export function matchRoute<T>(routes: Readonly<Record<string, T>>, method: string, path: string): RouteMatch<T> {
  const allow: string[] = [];
  for (const [key, target] of Object.entries(routes)) {
    const space = key.indexOf(' ');
    const parameters = matchPath(key.slice(space + 1), path);
    if (!parameters) continue;
    const routeMethod = key.slice(0, space);
    if (routeMethod === method) return { kind: 'match', target, parameters };
    allow.push(routeMethod);
  }
  return allow.length > 0 ? { kind: 'method-not-allowed', allow } : { kind: 'not-found' };
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const expected = template.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = actual[index] ?? '';
    if (segment.startsWith('{')) {
      if (value === '') return undefined;
      parameters[segment.slice(1, -1)] = value;
    } else if (segment !== value) return undefined;
  }
  return parameters;
}
