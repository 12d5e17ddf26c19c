import { collectDefaultMetrics, Registry } from 'prom-client';
import { createGauge, type MetricDeclaration } from '#metrics';

/** `notify_build_info`, of every app. */
export const BUILD_INFO: MetricDeclaration<'app' | 'version' | 'node'> = {
  name: 'notify_build_info',
  type: 'gauge',
  help: 'Which program this is; always 1',
  labels: {
    app: { inWords: "the app's name" },
    version: { inWords: "the program's version" },
    node: { inWords: "Node's version" },
  },
};

/** Creates a registry with the process's default metrics and `notify_build_info`. */
export function createRegistry(build: { readonly app: string; readonly version: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  createGauge(registry, BUILD_INFO).set({ ...build, node: process.version }, 1);
  return registry;
}
