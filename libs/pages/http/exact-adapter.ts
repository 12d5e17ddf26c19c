import { ExpressAdapter } from '@nestjs/platform-express';

/**
 * Express, but for the path as it is written, as the table of routes reads it: else /Menu would be the page of /menu under
 * the conditions of another row. Nest has made the router by now, so that Express's settings come too late for it.
 */
export function exactAdapter(): ExpressAdapter {
  const adapter = new ExpressAdapter();
  const { router } = adapter.getInstance<{ router: { caseSensitive: boolean; strict: boolean } }>();
  Object.assign(router, { caseSensitive: true, strict: true });
  return adapter;
}
