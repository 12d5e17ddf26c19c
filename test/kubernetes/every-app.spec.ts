import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { REQUIRED as NOTIFIER } from '../../apps/notifier/src/notifier-environment.ts';
import { REQUIRED as SETTINGS } from '../../apps/settings/src/settings-environment.ts';
import { REQUIRED as SITE } from '../../apps/site/src/site-environment.ts';
import { REQUIRED as VOICE } from '../../apps/voice/src/start-voice.ts';
import { loadEnvironment, type VariableName } from '#platform';
import { newSecrets } from '../../tools/ops/new-secrets.ts';
import { buildKustomization, type Resource } from './kustomize.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = `${root}ops/kubernetes/example/`;
const resources = buildKustomization(example);

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly timeoutSeconds?: number;
}
interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly terminationGracePeriodSeconds: number;
    readonly volumes: readonly { readonly name: string; readonly secret: { readonly secretName: string } }[];
    readonly containers: readonly [
      {
        readonly name: string;
        readonly image: string;
        readonly args?: readonly string[];
        readonly env: readonly { readonly name: string; readonly value: string }[];
        readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
        readonly resources: Readonly<Record<string, Readonly<Record<string, string>>>>;
        readonly securityContext: Readonly<Record<string, unknown>>;
        readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
        readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
      } & Readonly<Record<'startupProbe' | 'livenessProbe' | 'readinessProbe', Probe>>,
    ];
  };
}
type Labels = Readonly<Record<string, string>>;
interface Spec {
  readonly selector: { readonly matchLabels: Labels };
  readonly template: Pod;
  readonly replicas?: number;
}
const ofKind = <S = Spec>(kind: string) =>
  resources.filter((one) => one.kind === kind) as (Resource & { readonly spec: S; readonly data?: Labels })[];
const deployments = ofKind('Deployment').map((one) => [one.metadata.name, one.spec] as const);
const podOf = ({ template }: Spec) => template.spec;
const appOf = (spec: Spec) => podOf(spec).containers[0];
const matches = (labels: Labels, selector: Labels) =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);
const chosenBy = (selector: Labels) =>
  deployments.filter(([, { template }]) => matches(template.metadata.labels, selector)).map(([name]) => name);
const REQUIRED: Readonly<Record<string, readonly VariableName[]>> = {
  notifier: NOTIFIER,
  settings: SETTINGS,
  site: SITE,
  voice: VOICE,
};

/** The variables of a Secret, by its example, with values that would be right. */
function secretOf(app: string): Labels {
  const lines = readFileSync(`${example}secrets/${app}.env.example`, 'utf8').split('\n');
  const pairs = lines.flatMap((line) => {
    const [, name = '', value = ''] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
    return name === '' ? [] : [[name, newSecrets(new Date())[name] ?? value.replaceAll(/[<>]/g, '')]];
  });
  return Object.fromEntries(pairs) as Labels;
}

/** An app's environment as its container gets it, the files of its Secret read. */
function environmentOf(spec: Spec) {
  const { name, env } = appOf(spec);
  const [config] = ofKind('ConfigMap');
  const given = { ...config?.data, ...Object.fromEntries(env.map((one) => [one.name, one.value])) };
  const secrets = secretOf(name);
  return loadEnvironment(REQUIRED[name] ?? [], given, (file) => {
    const value = secrets[file.replace('/run/secrets/denwa-notify/', '')];
    if (value === undefined) throw Object.assign(new Error(file), { code: 'ENOENT' });
    return value;
  });
}

describe('every app on Kubernetes', () => {
  it('is there, each lane in a Deployment of its own', () => {
    expect(deployments.map(([name]) => name)).toEqual([
      'notifier-access',
      'notifier-main',
      'notifier-retry',
      'settings',
      'site',
      'voice',
    ]);
    const lanes = deployments.flatMap(([, spec]) =>
      appOf(spec).name === 'notifier' ? environmentOf(spec).NOTIFY_LANES : [],
    );
    expect(lanes).toEqual(['access', 'main', 'retry']);
  });

  it.each(deployments)('%s starts its program, with an environment that it accepts', (_, spec) => {
    const { args = ['dist/apps/notifier/src/main.js'], name } = appOf(spec);
    expect(args).toEqual([`dist/apps/${name}/src/main.js`]);
    expect(existsSync(`${root}apps/${name}/src/main.ts`)).toBe(true);
    expect(() => environmentOf(spec)).not.toThrow();
  });

  it.each(deployments)('%s gets secrets as files, no other way, and only its own', (_, spec) => {
    const { env, name, volumeMounts } = appOf(spec);
    expect(volumeMounts).toMatchObject([{ name: 'secrets', mountPath: '/run/secrets/denwa-notify' }]);
    expect(podOf(spec).volumes).toMatchObject([{ name: 'secrets', secret: { secretName: `denwa-${name}` } }]);
    const files = env.filter((one) => one.name.endsWith('_FILE')).map((one) => one.name.replace('_FILE', ''));
    expect(files.toSorted()).toEqual(Object.keys(secretOf(name)).toSorted());
    expect(env.filter((one) => one.name in secretOf(name))).toEqual([]);
  });

  it.each(deployments)(
    '%s is restarted by /livez and gets traffic by /readyz, where it listens',
    (_, spec) => {
      const { startupProbe, livenessProbe, readinessProbe, ports } = appOf(spec);
      const paths = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
      expect(paths).toEqual(['/livez', '/livez', '/readyz'].map((path) => ({ path, port: 'http' })));
      // A check of /readyz may take 2 s.
      expect(readinessProbe.timeoutSeconds).toBeGreaterThan(2);
      expect(ports).toEqual([{ name: 'http', containerPort: environmentOf(spec).HTTP_PORT }]);
    },
  );

  it.each(deployments)('%s may do nothing beyond its work', (_, spec) => {
    expect(podOf(spec).securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(appOf(spec).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(readFileSync(`${root}ops/Dockerfile`, 'utf8')).toContain('\nUSER 1000:1000\n');
  });

  it.each(deployments)('%s has time to end what it has begun', (_, spec) => {
    const { preStop } = appOf(spec).lifecycle;
    const runApp = readFileSync(`${root}libs/platform/run-app.ts`, 'utf8');
    const limit = Number(/CLOSE_TIMEOUT_MS = (\d+)_000/.exec(runApp)?.[1]);
    expect(limit).toBeGreaterThan(0);
    expect(podOf(spec).terminationGracePeriodSeconds).toBeGreaterThan(limit + preStop.sleep.seconds);
  });

  it.each(deployments)('%s has memory above what was measured, and no limit of CPU', (_, spec) => {
    const { requests, limits } = appOf(spec).resources;
    expect(Number(limits?.['memory']?.replace('Mi', ''))).toBeGreaterThan(
      Number(requests?.['memory']?.replace('Mi', '')),
    );
    expect(Object.keys(limits ?? {})).toEqual(['memory']);
  });

  it.each(deployments)('%s is chosen by its own selector, budget and nobody else’s', (name, spec) => {
    expect(chosenBy(spec.selector.matchLabels)).toEqual([name]);
    const budgets = ofKind('PodDisruptionBudget').filter(({ spec: { selector } }) =>
      chosenBy(selector.matchLabels).includes(name),
    );
    expect(budgets.map(({ spec: { selector } }) => chosenBy(selector.matchLabels))).toEqual([[name]]);
  });

  it('is reached by a Service of its name, where it answers more than health and metrics', () => {
    const services = ofKind<{ selector: Labels; ports: object[] }>('Service');
    expect(services.map(({ metadata, spec }) => [metadata.name, chosenBy(spec.selector)])).toEqual(
      ['settings', 'site', 'voice'].map((name) => [name, [name]]),
    );
    for (const { spec } of services) expect(spec.ports).toMatchObject([{ targetPort: 'http' }]);
  });

  it('gets the rights of its own users in Kafka and Redis', () => {
    for (const [, spec] of deployments) {
      const { name } = appOf(spec);
      const { KAFKA_SASL_USERNAME: kafka, REDIS_URL: redis, KAFKA_CREATE_TOPICS } = environmentOf(spec);
      // The settings API ends when it may not do what it is told to.
      if (name === 'settings') expect(KAFKA_CREATE_TOPICS).toBe(false);
      expect(kafka).toBe(name === 'voice' ? undefined : `denwa-${name}`);
      expect(redis.map((url) => new URL(url).username)).toEqual([`denwa-${name}`]);
    }
  });

  it('runs the program of the image that the example names', () => {
    const { images } = parse(readFileSync(`${example}kustomization.yaml`, 'utf8')) as {
      images: { newName: string; newTag: string }[];
    };
    const image = images.map(({ newName, newTag }) => `${newName}:${newTag}`);
    expect(new Set(deployments.map(([, spec]) => appOf(spec).image))).toEqual(new Set(image));
  });
});
