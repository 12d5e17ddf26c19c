/** The baseline: Express alone, which answers a short text. Port by `HTTP_PORT`; metrics as those of our apps. */
import type { ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { collectDefaultMetrics, Registry } from 'prom-client';

const registry = new Registry();
collectDefaultMetrics({ register: registry });
const express = new ExpressAdapter();
type Handler = (request: unknown, response: ServerResponse & { send(text: string): void }) => void;
const get = (path: string, handler: Handler): void => void express.get(path, handler);
get('/', (_, response) => response.send('hello'));
get('/readyz', (_, response) => response.send('ready'));
get('/metrics', (_, response) => void registry.metrics().then((text) => response.send(text)));
express.initHttpServer({});
express.listen(Number(process.env['HTTP_PORT']), '127.0.0.1');
