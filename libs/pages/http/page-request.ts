import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FormBody } from './form-body.ts';
import type { FoundRoute } from './route-table.ts';

/** A request as the controllers get it: Express's, and what was found out on its way to them. */
export interface PageRequest<Who = unknown> extends IncomingMessage {
  /** Whether the browser came by https; our proxies say so for it. */
  readonly secure: boolean;
  /** The address of the browser; our proxies say so for it. */
  readonly ip: string | undefined;
  /** What stands behind the `?` of the address. */
  query: URLSearchParams;
  /** The values of the path's `:names`. */
  readonly params: Readonly<Record<string, string>>;
  /** The row of the table that it is for. */
  route: FoundRoute<Who>;
  /** What a POST carries. */
  form: FormBody;
}

/** A step on the way of a request. */
export type Middleware<Request extends PageRequest> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;
