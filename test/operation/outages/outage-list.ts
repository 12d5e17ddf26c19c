import { globSync } from 'node:fs';
import { serverPid, startServer, stopServer, type ServerPlan } from '../../../tools/stack/server.ts';
import type { OutageScene } from './outage-scene.ts';

/** Something that stops or goes wrong, and is put right. */
export interface Outage {
  readonly name: string;
  /** The alert that has to tell of it. */
  readonly alert: string;
  readonly ground: 'servers' | 'mail';
  /** Variables of the notifier, for what is wrong from its start until it is restarted without them. */
  readonly notifier?: Readonly<Record<string, string>>;
  begin(scene: OutageScene): Promise<void> | void;
  end(scene: OutageScene): Promise<void> | void;
  /** Whether mails are not sent, by rule, and whether nothing ends it. */
  readonly isLossy?: boolean;
}

const HOUR_MS = 3_600_000;
const LIBRARY = '/usr/lib/*/faketime/libfaketime.so.1';

async function signal(plan: ServerPlan | undefined, name: NodeJS.Signals): Promise<void> {
  const pid = plan && (await serverPid(plan.folder));
  if (pid === undefined) throw new Error('The server is not running');
  process.kill(pid, name);
}

const nothing = (): void => undefined;

/** Kafka, Redis, the mail server and the clocks, stopped or wrong. */
export const OUTAGES: readonly Outage[] = [
  {
    name: 'the mail server is stopped',
    alert: 'BreakerOpen smtp',
    ground: 'mail',
    begin: ({ mail }) => mail.down(),
    end: ({ mail }) => mail.up(),
  },
  {
    name: 'the mail server refuses us',
    alert: 'RelayRefusesUs access',
    ground: 'mail',
    begin: ({ mail }) =>
      mail.misbehave({ at: 'rcpt', does: 550, says: '5.7.1 Client host rejected: Access denied' }),
    end: ({ mail }) => mail.behave(),
  },
  {
    name: "the notifier's clock is 7 hours ahead",
    // Kafka takes no record that is more than an hour ahead, so nothing is decided, and nothing is lost.
    alert: 'NothingAccepted',
    ground: 'mail',
    notifier: {
      LD_PRELOAD: globSync(LIBRARY)[0] ?? '',
      FAKETIME: `+${(7 * HOUR_MS) / 1_000}`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    begin: nothing,
    end: (scene) => scene.restartNotifier(),
  },
  {
    name: "the switch's clock is 10 minutes ahead",
    alert: 'DeadLettersGrow malformed',
    ground: 'mail',
    begin: (scene) => {
      scene.switchAheadMs = 600_000;
    },
    end: (scene) => {
      scene.switchAheadMs = 0;
    },
    isLossy: true,
  },
  {
    name: 'Redis is stopped',
    alert: 'BreakerOpen redis',
    ground: 'servers',
    begin: ({ ground }) => stopServer(ground.redis.folder),
    end: ({ ground }) => startServer(ground.redis),
  },
  {
    name: 'Redis is frozen',
    alert: 'BreakerOpen redis',
    ground: 'servers',
    begin: ({ ground }) => signal(ground.redis, 'SIGSTOP'),
    end: ({ ground }) => signal(ground.redis, 'SIGCONT'),
  },
  {
    name: 'Kafka is stopped',
    alert: 'BreakerOpen kafka',
    ground: 'servers',
    begin: async ({ ground }) =>
      void (await Promise.all(ground.brokers.map(({ folder }) => stopServer(folder)))),
    end: async ({ ground }) => void (await Promise.all(ground.brokers.map((plan) => startServer(plan)))),
  },
];
