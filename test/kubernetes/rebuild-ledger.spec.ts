import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadEnvironment } from '#platform';
import { runOps } from '../support/run-ops.ts';
import { buildKustomization, type Resource } from './kustomize.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const resources = buildKustomization(`${root}ops/kubernetes/example`);

interface Container {
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly securityContext: object;
}
interface Pod {
  readonly restartPolicy: string;
  readonly securityContext: object;
  readonly volumes: readonly object[];
  readonly containers: readonly [Container];
}
interface CronJob extends Resource {
  readonly spec: {
    readonly suspend: boolean;
    readonly jobTemplate: {
      readonly spec: {
        readonly template: { readonly spec: Pod };
        readonly podFailurePolicy: {
          readonly rules: readonly { readonly action: string; readonly onExitCodes: object }[];
        };
      };
    };
  };
}
interface Deployment extends Resource {
  readonly spec: { readonly template: { readonly spec: Pod } };
}

const cronJob = resources.find(({ kind }) => kind === 'CronJob') as CronJob;
const deployment = resources.find(({ kind }) => kind === 'Deployment') as Deployment;
const { template, podFailurePolicy } = cronJob.spec.jobTemplate.spec;
const pod = template.spec;
const [container] = pod.containers;

describe('the Job that reads the ledger back', () => {
  it('begins by hand alone, as docs/backup.md says', () => {
    expect([cronJob.metadata.name, cronJob.spec.suspend]).toEqual(['rebuild-ledger', true]);
    expect(readFileSync(`${root}docs/backup.md`, 'utf8')).toContain(
      'create job rebuild-ledger-1 --from=cronjob/rebuild-ledger',
    );
  });

  it('runs the command of the image, whose exit codes it knows', async () => {
    expect([container.command, container.args]).toEqual([['ops'], ['rebuild-ledger']]);
    expect(readFileSync(`${root}ops/Dockerfile`, 'utf8')).toContain('ops/image/ops /usr/local/bin/ops');
    const [rule] = podFailurePolicy.rules;
    expect(rule).toEqual({
      action: 'FailJob',
      onExitCodes: { containerName: 'ops', operator: 'In', values: [2, 78] },
    });
    expect((await runOps({}, [...container.args, '--wrong'])).code).toBe(2);
    expect((await runOps({ KAFKA_BROKERS: '', REDIS_URL: '' }, container.args)).code).toBe(78);
  });

  it('has the rights of the operator’s commands and an environment that they accept, secrets as files', () => {
    const example = readFileSync(`${root}ops/kubernetes/example/secrets/ops.env.example`, 'utf8');
    const secrets = new Map(
      [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value = '']) => [
        `/run/secrets/denwa-notify/${name}`,
        value.replaceAll(/[<>]/g, ''),
      ]),
    );
    const config = resources.find(({ kind }) => kind === 'ConfigMap') as Resource & {
      readonly data: Readonly<Record<string, string>>;
    };
    const given = {
      ...config.data,
      ...Object.fromEntries(container.env.map(({ name, value }) => [name, value])),
    };
    const read = new Set<string>();
    const environment = loadEnvironment(['KAFKA_BROKERS', 'REDIS_URL'], given, (file) => {
      read.add(file);
      return secrets.get(file) ?? '';
    });
    expect(environment.KAFKA_SASL_USERNAME).toBe('denwa-ops');
    expect(environment.REDIS_URL.map((url) => new URL(url).username)).toEqual(['denwa-ops']);
    expect([...read].toSorted()).toEqual([...secrets.keys()].toSorted());
    expect(pod.volumes).toMatchObject([{ secret: { secretName: 'denwa-ops' } }]);
  });

  it('is the same image as the apps, and may do as little', () => {
    const app = deployment.spec.template.spec;
    expect(container.image).toBe(app.containers[0].image);
    expect(pod.securityContext).toEqual(app.securityContext);
    expect(container.securityContext).toEqual(app.containers[0].securityContext);
    // A pod that failed stays, with its log.
    expect(pod.restartPolicy).toBe('Never');
  });
});
