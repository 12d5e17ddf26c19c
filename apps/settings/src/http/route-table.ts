/** A path of the API and the methods it knows. */
export interface Route {
  /** As OpenAPI writes it: `/v1/lines/{lineNumber}`. */
  readonly template: string;
  readonly methods: readonly string[];
  /** Those of them that take a document. */
  readonly documents: readonly string[];
}

/** Finds the route of a path (without its query); `undefined` when there is none. */
export type RouteTable = (path: string) => Route | undefined;

const METHODS = ['get', 'put', 'post', 'delete'] as const;
type Operations = Readonly<Partial<Record<(typeof METHODS)[number], { readonly requestBody?: unknown }>>>;

/** The routes that an OpenAPI document describes: only what is documented exists. */
export function routeTable(paths: Readonly<Record<string, Operations>>): RouteTable {
  const routes = Object.entries(paths).map(([template, operations]) => ({
    route: { template, methods: methodsOf(operations), documents: documentsOf(operations) },
    segments: template.split('/'),
  }));
  return (path) => {
    const segments = path.split('/');
    return routes.find((one) => matches(one.segments, segments))?.route;
  };
}

function methodsOf(operations: Operations): string[] {
  const methods = METHODS.filter((method) => operations[method] !== undefined).map((method) =>
    method.toUpperCase(),
  );
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}

function documentsOf(operations: Operations): string[] {
  return METHODS.filter((method) => operations[method]?.requestBody !== undefined).map((method) =>
    method.toUpperCase(),
  );
}

function matches(template: readonly string[], path: readonly string[]): boolean {
  if (template.length !== path.length) return false;
  return template.every((part, index) => {
    const segment = path[index] ?? '';
    return part.startsWith('{') ? segment !== '' && isDecodable(segment) : part === segment;
  });
}

function isDecodable(segment: string): boolean {
  try {
    return decodeURIComponent(segment) !== '';
  } catch {
    return false;
  }
}
