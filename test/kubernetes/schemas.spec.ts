import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { findProgram } from '../../tools/stack/system-package.ts';
import { runProgram } from '../../tools/stack/run-program.ts';
import { buildKustomization, type Resource } from './kustomize.ts';
import { problemsOf } from './problems-of.ts';

const folder = fileURLToPath(new URL('../../ops/kubernetes/example/', import.meta.url));
const resources = buildKustomization(folder);
const nameOf = ({ kind, metadata }: Resource) => `${kind} ${metadata.name}`;
const named = resources.map((one) => [nameOf(one), one] as const);

describe('ops/kubernetes', () => {
  it.each(named)('%s follows its schema', (_, resource) => {
    expect(problemsOf(resource)).toEqual([]);
  });

  it('is found out when a value is wrong, missing, or in a field that does not exist', () => {
    const deployment = resources.find(({ kind }) => kind === 'Deployment')!;
    const changed = (change: (text: string) => string) =>
      problemsOf(JSON.parse(change(JSON.stringify(deployment))) as Resource);
    expect(changed((text) => text)).toEqual([]);
    expect(changed((text) => text.replace('"periodSeconds":2', '"periodSeconds":"2"'))).not.toEqual([]);
    expect(changed((text) => text.replace('"selector":', '"sellector":'))).not.toEqual([]);
    expect(changed((text) => text.replace('"readinessProbe":', '"readynessProbe":'))).toEqual(
      expect.arrayContaining([expect.stringContaining('readynessProbe: there is no such field')]),
    );
  });

  it('is built by kustomize to the same resources, where kubectl is installed', async () => {
    const kubectl = await findProgram('kubectl');
    const text = kubectl === undefined ? undefined : await runProgram(kubectl, ['kustomize', folder]);
    const theirs =
      text === undefined
        ? resources
        : // A ConfigMap's name ends in a hash of what it holds, also where it is named.
          parseAllDocuments(text.replace(/denwa-notify-[a-z0-9]{10}$/gm, 'denwa-notify')).map(
            (document) => document.toJS() as Resource,
          );
    const sorted = (list: readonly Resource[]) =>
      list.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b), 'en'));
    expect(sorted(theirs)).toEqual(sorted(resources));
  });

  it('can be built without the example, and without KEDA and the Prometheus Operator', () => {
    const base = buildKustomization(path.join(folder, '../base'));
    expect(new Set(base.map(({ apiVersion }) => apiVersion))).toEqual(
      new Set(['v1', 'apps/v1', 'batch/v1', 'policy/v1', 'networking.k8s.io/v1']),
    );
  });
});
