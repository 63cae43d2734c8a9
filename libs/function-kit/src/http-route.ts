import type { APIGatewayProxyEventV2 } from 'aws-lambda';

type Parameters = Readonly<Record<string, string | undefined>>;

/** What a request selects among a function's routes. */
export type RouteMatch<T> =
  | { readonly kind: 'match'; readonly route: string; readonly target: T; readonly parameters: Parameters }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'not-found' };

/** The parts of an event that decide its route. */
export type RoutedEvent = Pick<APIGatewayProxyEventV2, 'routeKey' | 'rawPath' | 'pathParameters' | 'requestContext'>;

/**
 * Selects among routes in API Gateway's notation (`GET /books/{bookId}`, `GET /files/{path+}`). A route with the path
 * of the route that API Gateway chose gets the path parameters that API Gateway decoded. Only behind another route, such
 * as `$default`, is the path itself compared; it is decoded as a whole, so a `%2F` looks like a slash. HEAD goes where
 * GET goes.
 */
export function matchRoute<T>(routes: Readonly<Record<string, T>>, event: RoutedEvent): RouteMatch<T> {
  const { method } = event.requestContext.http;
  const known = Object.entries(routes).map(([key, target]) => ({ key, ...split(key), target }));
  const chosen = split(event.routeKey).path;
  const path = withoutStage(event);
  const found = known.some((route) => route.path === chosen)
    ? known.filter((route) => route.path === chosen).map((route) => ({ route, parameters: event.pathParameters ?? {} }))
    : known.flatMap((route) => {
        const parameters = matchPath(route.path, path);
        return parameters ? [{ route, parameters }] : [];
      });
  const match =
    found.find(({ route }) => route.method === method) ??
    (method === 'HEAD' ? found.find(({ route }) => route.method === 'GET') : undefined);
  if (match) {
    const { key, target } = match.route;
    return { kind: 'match', route: key, target, parameters: match.parameters };
  }
  if (found.length === 0) return { kind: 'not-found' };
  const methods = found.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]));
  return { kind: 'method-not-allowed', allow: [...new Set(methods)] };
}

function split(routeKey: string): { readonly method: string; readonly path: string } {
  const [method = '', path = ''] = routeKey.split(' ');
  return { method, path };
}

/** `rawPath` starts with the stage, unless that is `$default`. */
function withoutStage({ rawPath, requestContext: { stage } }: RoutedEvent): string {
  return rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const expected = template.split('/');
  const actual = path.split('/');
  const parameters: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const [, name, greedy] = /^\{(.+?)(\+?)\}$/.exec(segment) ?? [];
    const value = (greedy ? actual.slice(index).join('/') : actual[index]) ?? '';
    if (name === undefined ? segment !== value : value === '') return undefined;
    if (name !== undefined) parameters[name] = value;
    if (greedy) return parameters;
  }
  return expected.length === actual.length ? parameters : undefined;
}
