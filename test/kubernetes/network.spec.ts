import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildKustomization, type Resource } from './kustomize.ts';

const example = fileURLToPath(new URL('../../ops/kubernetes/example/', import.meta.url));
const resources = buildKustomization(example);

interface Peer {
  readonly namespaceSelector: { readonly matchLabels: Readonly<Record<string, string>> };
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports: readonly { readonly protocol: string; readonly port: number | string }[];
}
interface Policy {
  readonly podSelector: {
    readonly matchLabels?: Readonly<Record<string, string>>;
    readonly matchExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
  };
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}
const policies = resources
  .filter(({ kind }) => kind === 'NetworkPolicy')
  .map((one) => one as Resource & { readonly spec: Policy });
const policy = (name: string) => policies.find(({ metadata }) => metadata.name === name)!.spec;

/** The apps, and the operator's commands as a Job. */
const APPS = ['notifier', 'settings', 'site', 'voice', 'ops'];
/** The apps that a policy is about. */
function appsOf({ podSelector: { matchLabels, matchExpressions } }: Policy): readonly string[] {
  expect(matchExpressions?.[0]?.key ?? 'app.kubernetes.io/name').toBe('app.kubernetes.io/name');
  if (matchLabels !== undefined) expect(matchLabels).toEqual({ 'app.kubernetes.io/part-of': 'denwa-notify' });
  return matchExpressions?.[0]?.values ?? APPS;
}
/** Who may be asked, or may ask, by the namespace's label. */
const peersOf = ({ from = [], to = [] }: Rule) =>
  [...from, ...to].flatMap(({ namespaceSelector }) => Object.keys(namespaceSelector.matchLabels));
const secretOf = (app: string) => readFileSync(`${example}secrets/${app}.env.example`, 'utf8');
const config = resources.find(({ kind }) => kind === 'ConfigMap') as Resource & {
  readonly data: Readonly<Record<string, string>>;
};

/** The port in the URL of a variable of a Secret's example. */
const portOf = (variable: string, app: string) =>
  Number(new RegExp(`^${variable}=.*:(\\d+)$`, 'm').exec(secretOf(app))?.[1]);

describe('the network of the apps', () => {
  it('lets nothing in or out but what a policy names', () => {
    expect(policy('nothing')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'denwa-notify' } },
      policyTypes: ['Ingress', 'Egress'],
    });
    for (const { spec } of policies)
      for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
        expect(peersOf(rule)).toHaveLength(1);
        expect(rule.ports.length).toBeGreaterThan(0);
      }
  });

  it('leads each app to the servers that its environment names, and to no other', () => {
    const asked = policies.flatMap(({ metadata: { name }, spec }) =>
      (spec.egress ?? []).flatMap((rule) =>
        rule.ports.map(({ port }) => [name, appsOf(spec), peersOf(rule)[0], port] as const),
      ),
    );
    const s3 = new URL('https://faxes.fax-documents.svc');
    const kafka = new Set(
      config.data['KAFKA_BROKERS']?.split(',').map((broker) => Number(broker.split(':')[1])),
    );
    const using = (variable: string) => APPS.filter((app) => secretOf(app).includes(`\n${variable}=`));
    expect(asked).toEqual(
      expect.arrayContaining([
        ['kafka', using('KAFKA_SASL_PASSWORD'), 'denwa-notify/kafka', [...kafka][0]],
        ['redis', using('REDIS_URL'), 'denwa-notify/redis', portOf('REDIS_URL', 'site')],
        ['smtp', using('SMTP_URL'), 'denwa-notify/smtp', portOf('SMTP_URL', 'notifier')],
        [
          'fax-documents',
          using('FAX_DOCUMENTS_SECRET'),
          'denwa-notify/fax-documents',
          Number(s3.port || 443),
        ],
        ['names', APPS, 'kubernetes.io/metadata.name', 53],
        // OpenTelemetry's own port; the voice app makes no spans.
        ['traces', ['notifier', 'settings', 'site'], 'denwa-notify/collector', 4318],
      ]),
    );
    expect(asked).toHaveLength(7);
    expect(kafka.size).toBe(1);
  });

  it('leads to each app from those who use it: the notifier is only scraped', () => {
    const asking = policies.flatMap(({ spec }) =>
      (spec.ingress ?? []).map((rule) => {
        expect(rule.ports).toEqual([{ protocol: 'TCP', port: 'http' }]);
        return [appsOf(spec), peersOf(rule)[0]] as const;
      }),
    );
    expect(asking).toEqual([
      [APPS, 'denwa-notify/monitoring'],
      [['site'], 'denwa-notify/ingress'],
      [['settings'], 'denwa-notify/clients'],
      [['voice'], 'denwa-notify/media-servers'],
    ]);
  });
});
