import type { Stage } from '#access';

/**
 * How far a login is: in; or what it has to do first. A self-care login (A14) is one of its own kind, which no page of a
 * number serves.
 */
export type LoginStage = Stage | 'in' | 'self-care-code' | 'self-care';

/**
 * Who may ask for a route: `inside` whoever does not come by one of our proxies, `open` everybody, else the logins at
 * one of these stages.
 */
type Who = 'inside' | 'open' | readonly LoginStage[];

/** A row of the table of routes. */
export interface PageRoute {
  /** As the controller writes it, such as `/numbers/:number/call-notice`. */
  readonly path: string;
  /** `HEAD` goes with `GET` by itself. */
  readonly methods: readonly ('GET' | 'POST')[];
  readonly who: Who;
  /** Whether its POST carries a file, as `multipart/form-data`. */
  readonly upload?: boolean;
}

/** A route as it was found. */
export interface Route {
  readonly template: string;
  readonly methods: readonly string[];
  readonly who: Who;
  readonly upload: boolean;
}

/** Finds the route of a path (without its query); `undefined` when there is none. */
export type RouteTable = (path: string) => Route | undefined;

/** The table of these routes; where two match, the first one is found, as Express finds the first controller. */
export function routeTable(rows: readonly PageRoute[]): RouteTable {
  const routes = rows.map(({ path, methods, who, upload = false }) => ({
    route: { template: path, methods: methods.flatMap(withHead), who, upload },
    segments: path.split('/'),
  }));
  return (path) => {
    const segments = path.split('/');
    return routes.find((one) => matches(one.segments, segments))?.route;
  };
}

const withHead = (method: 'GET' | 'POST'): readonly string[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

function matches(template: readonly string[], path: readonly string[]): boolean {
  if (template.length !== path.length) return false;
  return template.every((part, index) => {
    const segment = path[index] ?? '';
    return part.startsWith(':') ? segment !== '' && isDecodable(segment) : part === segment;
  });
}

function isDecodable(segment: string): boolean {
  try {
    return decodeURIComponent(segment) !== '';
  } catch {
    return false;
  }
}
