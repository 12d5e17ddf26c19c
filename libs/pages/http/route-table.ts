/** A row of the table of routes. `Who`: who may ask for it, by the app's own words. */
export interface RouteRow<Who> {
  /** As the controller writes it, such as `/numbers/:number/call-notice`. */
  readonly path: string;
  /** `HEAD` goes with `GET` by itself. */
  readonly methods: readonly ('GET' | 'POST')[];
  readonly who: Who;
  /** Whether its POST carries a file, as `multipart/form-data`. */
  readonly upload?: boolean;
}

/** A route as it was found. */
export interface FoundRoute<Who> {
  readonly template: string;
  readonly methods: readonly string[];
  readonly who: Who;
  readonly upload: boolean;
}

/** Finds the route of a path (without its query); `undefined` when there is none. */
export type RouteTable<Who> = (path: string) => FoundRoute<Who> | undefined;

/** The table of these routes; where two match, the first one is found, as Express finds the first controller. */
export function routeTable<Who>(rows: readonly RouteRow<Who>[]): RouteTable<Who> {
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
