import type { ServerResponse } from 'node:http';
import type { Assets } from './assets.ts';
import { PageError } from './page-error.ts';

/** The part of Nest's HTTP adapter that is needed here. */
interface Routes {
  get(path: string, handler: (request: unknown, response: ServerResponse) => void): unknown;
}

/** Serves the pages' own files from memory. Their names change with their content, so a browser keeps them. */
export function serveAssets(routes: Routes, assets: Assets): void {
  routes.get(`${assets.path}/:name`, (request, response) => {
    const { name } = (request as { params: { name: string } }).params;
    const asset = assets.files.get(name);
    if (asset === undefined) throw new PageError('not-found');
    response.setHeader('cache-control', 'public, max-age=31536000, immutable');
    response.setHeader('content-type', asset.type);
    response.setHeader('content-length', asset.bytes.length);
    response.end(asset.bytes);
  });
}
