import { access } from './access.ts';
import { cluster } from './cluster.ts';
import { deciding } from './deciding.ts';
import { merged, type Figures } from './figures.ts';
import { growth } from './growth.ts';
import { history } from './history.ts';
import { latency } from './latency.ts';
import { busyCoresNow, QUIET_CORES, watchOthers } from './machine-load.ts';
import { mailing } from './mailing.ts';
import { recovery } from './recovery.ts';
import { rounded } from './statistics.ts';
import type { MailScene, Scene } from './scenario.ts';
import { site } from './site.ts';
import { starting } from './starting.ts';
import { storage } from './storage.ts';
import { traces } from './traces.ts';

/** The full speed assumed by `latency` when mailing is not measured, mails a second. */
const ASSUMED_SPEED = 3_000;

interface Usual {
  /** Needs the topics and settings that the bench prepares, and the calls that become no mail. */
  readonly prepared?: 'settings' | 'calls';
  /** No part of a quick run. */
  readonly isLong?: boolean;
}

/** A part of the bench. */
type Scenario = Usual &
  (
    | { readonly run: (scene: Scene, before: Figures) => Promise<Figures> }
    | {
        /** Its mails go to `smtp-sink`. */
        readonly mail: (scene: MailScene, before: Figures) => Promise<Figures>;
        /** Its figures without one. */
        readonly without: Figures;
      }
  );

/** All parts of the bench by name, in the order in which they run. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  deciding: { run: deciding, prepared: 'calls' },
  traces: { run: traces, prepared: 'calls' },
  mailing: {
    mail: mailing,
    prepared: 'settings',
    without: {
      mailing: { mailsPerSecond: null, vsNodemailerPool: null, vsSmtpSource: null },
      cost: { cpuSecondsPerMillionMailed: null },
    },
  },
  cluster: { mail: cluster, without: { mailing: { clusterRatio: null } } },
  latency: {
    mail: (scene, before) => {
      const speed = before['mailing']?.['mailsPerSecond'];
      return latency(scene, typeof speed === 'number' ? speed : ASSUMED_SPEED);
    },
    prepared: 'settings',
    without: { latency: { idleP99Ms: null, halfLoadP99Ms: null, slowServerExtraP99Ms: null } },
  },
  access: {
    mail: access,
    prepared: 'calls',
    without: {
      access: { backlogP50Ms: null, backlogP99Ms: null, backlogEvents: null },
      memory: { backlogMB: null },
    },
  },
  recovery: { mail: recovery, prepared: 'settings', without: { memory: { afterOutageMB: null } } },
  growth: { run: growth, prepared: 'settings' },
  storage: { run: storage },
  starting: { run: starting },
  history: { run: history, isLong: true },
  site: { run: site, isLong: true },
};

/** Runs one part of the bench; `before` are the figures of those before it, which the result contains. */
export async function runScenario(name: string, scene: Scene, before: Figures): Promise<Figures> {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`there is no scenario "${name}"`);
  const { postfix, report, say } = scene;
  if ('mail' in scenario && !postfix) {
    say(`${name}: not measured, because smtp-sink is not there`);
    return merged(before, scenario.without);
  }
  const atRest = await busyCoresNow();
  const others = await watchOthers();
  const run = 'run' in scenario ? scenario.run(scene, before) : undefined;
  const found = await ('mail' in scenario && postfix ? scenario.mail({ ...scene, postfix }, before) : run);
  const meanwhile = await others();
  const busy = rounded(Number.isNaN(meanwhile) ? atRest : meanwhile, 2);
  report.measuredBeside(busy);
  if (busy > QUIET_CORES) say(`${name}: not a quiet machine, other work kept ${busy} cores busy`);
  return merged(merged(before, found ?? {}), { othersBusyCores: { [name]: busy } });
}
