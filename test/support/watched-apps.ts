import { readdirSync } from 'node:fs';
import path from 'node:path';
import { closeLater } from './close-later.ts';
import { APPS, startEveryApp, type EveryApp } from './every-app.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';

const RULES = path.resolve('ops/prometheus');

/** Starts every app, and a Prometheus with our rules that scrapes them twice a second. */
export async function startWatchedApps(): Promise<{ every: EveryApp; prometheus: Prometheus }> {
  const every = await startEveryApp();
  const targets = Object.fromEntries(APPS.map((app) => [app, [new URL(every.urls[app]).host]]));
  const ruleFiles = readdirSync(RULES).map((name) => path.join(RULES, name));
  const prometheus = await startPrometheus({ targets, ruleFiles, everyMs: 500 });
  closeLater(() => prometheus.close());
  return { every, prometheus };
}
