import * as keda from '@kubernetes-models/keda/keda.sh/v1alpha1';
import * as monitoring from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import * as apps from 'kubernetes-models/apps/v1';
import * as batch from 'kubernetes-models/batch/v1';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';
import type { Resource } from './kustomize.ts';
import { watchReads } from './unknown-fields.ts';

interface Model {
  readonly prototype: { validate(this: unknown): void };
}

/** The published models by `apiVersion`; each checks by the schema of Kubernetes, KEDA or the Prometheus Operator. */
const MODELS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  v1: core,
  'apps/v1': apps,
  'batch/v1': batch,
  'policy/v1': policy,
  'networking.k8s.io/v1': networking,
  'keda.sh/v1alpha1': keda,
  'monitoring.coreos.com/v1': monitoring,
};

/** What is wrong with a resource by its schema: wrong and missing values, and fields that no schema has. */
export function problemsOf(resource: Resource): string[] {
  const model = MODELS[resource.apiVersion]?.[resource.kind] as Model | undefined;
  if (model === undefined) return [`there is no schema of ${resource.kind} in ${resource.apiVersion}`];
  const { value, unread } = watchReads(resource);
  try {
    // Not on an instance: that holds a copy, which reads every field.
    model.prototype.validate.call(value);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return unread().map((place) => `${place}: there is no such field`);
}
