import request from 'supertest';
import { REQUIRED } from '../../apps/site/src/site-environment.ts';
import { startSite, type Site } from '../../apps/site/src/start-site.ts';
import { openRedis } from '../integration/redis-for-test.ts';
import { appVariables } from './app-variables.ts';
import { asProgram } from './as-program.ts';
import { closeLater } from './close-later.ts';
import { testEnvironment, testLogger } from './run-log.ts';
import { uniqueName } from './unique-name.ts';

/** A site on the real servers. It is closed and its keys are removed after the file. */
export interface TestSite extends Site {
  readonly log: readonly string[];
  /** Makes a request as a browser on a page of the site does. */
  ask(method: 'get' | 'post', path: string): request.Test;
}

/** Starts a site without waiting until it is ready; `variables` override the usual environment. */
export async function startTestSite(variables: Record<string, string> = {}): Promise<TestSite> {
  const prefix = `${uniqueName('site')}.`;
  await openRedis({ keyPrefix: prefix });
  const log: string[] = [];
  const asked = await asProgram('site', {
    ...appVariables(prefix),
    KAFKA_CREATE_TOPICS: 'false',
    SEAL_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    ...variables,
  });
  const environment = testEnvironment(REQUIRED, asked);
  const destination = { write: (line: string) => void log.push(line) };
  const logger = testLogger({ app: 'site', level: 'debug', destination });
  const site = await startSite(environment, logger, (error) => {
    throw error;
  });
  closeLater(() => site.close());
  return {
    ...site,
    log,
    ask: (method, path) => request(site.url)[method](path).set('sec-fetch-site', 'same-origin').redirects(0),
  };
}
