import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Routes } from '#platform';

/** Everything comes from here, and the page talks to nobody else. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>denwa-notify settings API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="data:," />
  </head>
  <body>
    <div id="page"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#page', validatorUrl: null, deepLinking: true });
`;

/** The one build of Swagger UI on npm that brings no telemetry with its installation. */
const swaggerUi = (file: string): string => {
  const main = createRequire(import.meta.url).resolve('@fastify/swagger-ui');
  return readFileSync(join(dirname(main), 'static', file), 'utf8');
};

/** The paths of the page, for the table of known routes. */
export const DOCS_PATHS = [
  '/docs',
  '/docs/swagger-ui.css',
  '/docs/swagger-ui-bundle.js',
  '/docs/start.js',
] as const;

/** Serves the OpenAPI document and the page that shows it, from this process alone. */
export function serveDocs(routes: Routes, document: object): void {
  const serve = (path: (typeof DOCS_PATHS)[number] | '/openapi.json', type: string, text: string): unknown =>
    routes.get(path, (_, answer) => {
      answer
        .status(200)
        .set('content-type', `${type}; charset=utf-8`)
        .set('content-security-policy', POLICY)
        .set('x-content-type-options', 'nosniff')
        .send(text);
    });
  serve('/openapi.json', 'application/json', JSON.stringify(document));
  serve('/docs', 'text/html', PAGE);
  serve('/docs/swagger-ui.css', 'text/css', swaggerUi('swagger-ui.css'));
  serve('/docs/swagger-ui-bundle.js', 'text/javascript', swaggerUi('swagger-ui-bundle.js'));
  serve('/docs/start.js', 'text/javascript', START);
}
