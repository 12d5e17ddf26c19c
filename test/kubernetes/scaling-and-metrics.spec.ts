import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AclOperationTypes, AclResourceTypes } from 'kafkajs';
import { LANE_TOPICS, type Lane } from '#events';
import { rightsInKafka } from '../support/least-rights.ts';
import { buildKustomization, type Resource } from './kustomize.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const resources = buildKustomization(`${root}ops/kubernetes/example`);
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');

interface Scaled {
  readonly scaleTargetRef: { readonly name: string };
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly triggers: readonly { readonly metadata: Readonly<Record<string, string>> }[];
}
const ofKind = <S>(kind: string) =>
  resources.filter((one) => one.kind === kind) as (Resource & { readonly spec: S })[];
const scaled = ofKind<Scaled>('ScaledObject').map((one) => [one.metadata.name, one.spec] as const);

describe('the scaling of lanes', () => {
  it.each(scaled)('%s follows the lag of the topics that come in, in its own group', (name, spec) => {
    const lane = name.replace('notifier-', '') as Lane;
    expect(spec.scaleTargetRef.name).toBe(name);
    const incoming = LANE_TOPICS[lane].filter((topic) => !/-retry-/.test(topic));
    expect(spec.triggers.map(({ metadata }) => metadata['topic'])).toEqual(incoming);
    for (const { metadata } of spec.triggers)
      expect(metadata).toMatchObject({
        bootstrapServersFromEnv: 'KAFKA_BROKERS',
        consumerGroup: `denwa-notify-${lane}`,
      });
  });

  it.each(scaled)('%s has two processes at least, and no more than there are partitions', (_, spec) => {
    const partitions = /const PARTITIONS = (\d+);/.exec(read('libs/kafka/topics/ensure-topics.ts'))?.[1];
    expect(spec.minReplicaCount).toBeGreaterThanOrEqual(2);
    expect(spec.maxReplicaCount).toBe(Number(partitions));
  });

  it('is possible with the rights of its user in Kafka, who has no others', () => {
    const names = { prefix: '', groupId: 'denwa-notify' };
    const rights = rightsInKafka(names).filter(({ principal }) => principal === 'User:denwa-keda');
    const asked = scaled.flatMap(([, { triggers }]) =>
      triggers.flatMap(({ metadata }) => [
        [AclResourceTypes.TOPIC, metadata['topic']] as const,
        [AclResourceTypes.GROUP, metadata['consumerGroup']] as const,
      ]),
    );
    const sorted = (rows: readonly (readonly unknown[])[]) =>
      [...new Set(rows.map((row) => row.join(' ')))].toSorted();
    expect(sorted(rights.map(({ resourceType, resourceName }) => [resourceType, resourceName]))).toEqual(
      sorted(asked),
    );
    expect(rights.every(({ operation }) => operation === AclOperationTypes.DESCRIBE)).toBe(true);
    expect(read('ops/kubernetes/example/secrets/keda.env.example')).toContain('username=denwa-keda\n');
  });

  it('is left to KEDA where there is a ScaledObject, and a number elsewhere', () => {
    const counted = ofKind<{ replicas?: number }>('Deployment').filter(
      ({ spec }) => spec.replicas !== undefined,
    );
    expect(counted.map(({ metadata }) => metadata.name)).toEqual([
      'notifier-retry',
      'settings',
      'site',
      'voice',
    ]);
    expect(scaled.map(([name]) => name)).toEqual(['notifier-access', 'notifier-main']);
    for (const { spec } of counted) expect(spec.replicas).toBeGreaterThanOrEqual(2);
  });
});

describe('the metrics', () => {
  it('are scraped from every app, under the names of jobs that the rules ask for', () => {
    const [monitor] = ofKind<{ jobLabel: string; selector: object; podMetricsEndpoints: object[] }>(
      'PodMonitor',
    );
    expect(monitor?.spec).toMatchObject({
      jobLabel: 'app.kubernetes.io/name',
      selector: { matchLabels: { 'app.kubernetes.io/part-of': 'denwa-notify' } },
      podMetricsEndpoints: [{ port: 'http', path: '/metrics' }],
    });
    const pods = ofKind<{ template: { metadata: { labels: Record<string, string> } } }>('Deployment');
    const jobs = new Set(pods.map(({ spec }) => spec.template.metadata.labels['app.kubernetes.io/name']));
    expect(jobs).toEqual(new Set(['notifier', 'settings', 'site', 'voice']));
    const asked = read('ops/prometheus/alerts.rules.yml').matchAll(/\bjob=~?"([^"]+)"/g);
    const names = [...asked].flatMap(([, value = '']) => value.split('|'));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !jobs.has(name))).toEqual([]);
  });

  it('are judged by the rules of ops/prometheus', () => {
    const [rule] = ofKind<{ groups: { rules: { alert?: string }[] }[] }>('PrometheusRule');
    const alerts = rule?.spec.groups.flatMap(({ rules }) => rules.flatMap(({ alert = '' }) => alert || []));
    expect(alerts?.length).toBeGreaterThan(10);
  });
});
