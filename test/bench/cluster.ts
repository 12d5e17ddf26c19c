import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { startServer, stopServer } from '../../tools/stack/server.ts';
import { STACK_FOLDER } from '../../tools/stack/servers.ts';
import { startCluster } from '../support/redis-cluster.ts';
import { planNodes, withRedisAt, type RedisNode } from '../support/redis-node.ts';
import { MAILING_PREFIX } from './bench-servers.ts';
import { benchNumber, NUMBERS } from './call-load.ts';
import type { Figures } from './figures.ts';
import { busyCores, busyCoresNow, coreTimes, type CoreTimes } from './machine-load.ts';
import { mailCalls } from './mail-calls.ts';
import { prepareTopics, seedSettings } from './prepare.ts';
import type { MailScene, Scene } from './scenario.ts';
import { startSmtpSink } from './smtp-sink.ts';
import { median, ratios, rounded } from './statistics.ts';

/** A Redis deployment for settings and ledger; both sides run the same binary with the same settings. */
interface Side {
  readonly name: 'one' | 'cluster';
  readonly redisUrl: string;
  readonly nodes: readonly RedisNode[];
}

/** One run of mailing on one side. */
interface Run {
  readonly mailsPerSecond: number;
  /** Cores busy with any process, the bench's own or others. */
  readonly busyCores: number;
  /** CPU time of all nodes for a mail, µs. */
  readonly redisMicroseconds: number;
  /** CPU time of the notifier for a mail, µs. */
  readonly notifierMicroseconds: number;
}

interface Runs {
  readonly one: Run[];
  readonly cluster: Run[];
  /** Cores busy with other work before each run. */
  readonly others: number[];
}

/** Measures mailing with settings and ledger on a Redis Cluster of three masters, compared to a single Redis. */
export async function cluster(scene: MailScene): Promise<Figures> {
  const { servers, say } = scene;
  await prepareTopics(servers, MAILING_PREFIX);
  return withBothSides(async (sides) => {
    for (const { name, redisUrl } of sides) {
      say(`Writing the settings of ${NUMBERS} numbers (${name})`);
      const numbers = Array.from({ length: NUMBERS }, (_, index) => benchNumber(index));
      await seedSettings({ ...servers, REDIS_URL: redisUrl }, numbers);
    }
    return figures(scene, await alternate(scene, sides));
  });
}

async function withBothSides<T>(work: (sides: readonly Side[]) => Promise<T>): Promise<T> {
  const installation = await installRedis(() => undefined);
  await mkdir(STACK_FOLDER, { recursive: true });
  const folder = await mkdtemp(path.join(STACK_FOLDER, 'bench-cluster-'));
  const [one] = await planNodes(installation, path.join(folder, 'one'), 1, async () => ({}));
  if (!one) throw new Error('No Redis was planned');
  try {
    await startServer(one.plan);
    const masters = await startCluster(installation, path.join(folder, 'cluster'), { replicas: false });
    try {
      return await work([
        { name: 'one', redisUrl: `redis://127.0.0.1:${one.port}`, nodes: [one] },
        { name: 'cluster', redisUrl: masters.urls.join(','), nodes: masters.nodes },
      ]);
    } finally {
      await masters.close();
    }
  } finally {
    await stopServer(one.plan.folder);
    await rm(folder, { recursive: true });
  }
}

/** Runs both sides in each round, alternating which one is first. */
async function alternate(scene: MailScene, sides: readonly Side[]): Promise<Runs> {
  const { rounds } = scene.size;
  const sink = await startSmtpSink(scene.postfix);
  const runs: Runs = { one: [], cluster: [], others: [] };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const side of round % 2 === 1 ? sides : sides.toReversed()) {
        scene.say(`Mailing on Redis (${side.name}), round ${round} of ${rounds}`);
        runs.others.push(await busyCoresNow());
        runs[side.name].push(await mail(scene, side, { name: `${side.name}-${round}`, port: sink.port }));
      }
    }
  } finally {
    await sink.close();
  }
  return runs;
}

async function mail(
  { servers, size: { clusterMails: mails } }: Scene,
  side: Side,
  { name, port }: { readonly name: string; readonly port: number },
): Promise<Run> {
  let from: CoreTimes | undefined;
  let to: CoreTimes | undefined;
  const before = await cpuSeconds(side);
  const plan = { name, mails, smtpPort: port };
  const run = await mailCalls({ ...servers, REDIS_URL: side.redisUrl }, plan, ({ settled }) => {
    // The same interval as `untilSettled` measures the rate in.
    if (settled >= mails * 0.1) from ??= coreTimes();
    if (settled <= mails * 0.9) to = coreTimes();
  });
  return {
    mailsPerSecond: run.eventsPerSecond,
    busyCores: from && to ? busyCores(from, to) : NaN,
    redisMicroseconds: (((await cpuSeconds(side)) - before) / mails) * 1_000_000,
    notifierMicroseconds: run.cpuSecondsPerMillion,
  };
}

/** The CPU time of all nodes so far. */
async function cpuSeconds({ nodes }: Side): Promise<number> {
  const infos = await Promise.all(nodes.map(({ port }) => withRedisAt(port, (redis) => redis.info('cpu'))));
  return infos
    .flatMap((info) => [...info.matchAll(/^used_cpu_(?:sys|user):(\S+)/gm)])
    .reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}

function figures({ report }: Scene, { one, cluster: three, others }: Runs): Figures {
  const of = (runs: readonly Run[], name: keyof Run): number[] => runs.map((run) => run[name]);
  const ratio = ratios(of(three, 'mailsPerSecond'), of(one, 'mailsPerSecond'));
  for (const [where, runs] of [['on one Redis', one] as const, ['on a cluster of three', three] as const]) {
    report.add(`mailing ${where}`, of(runs, 'mailsPerSecond'), 'mails/s');
    report.add(`mailing ${where}: cores busy, of all processes`, of(runs, 'busyCores'), '', 2);
    report.add(`mailing ${where}: CPU of Redis for a mail`, of(runs, 'redisMicroseconds'), 'µs');
    report.add(`mailing ${where}: CPU of the notifier for a mail`, of(runs, 'notifierMicroseconds'), 'µs');
  }
  report.add('mailing on a cluster of three ÷ on one Redis', ratio, '×', 2);
  report.add('cores busy with something else before a run', others, '', 2);
  const mostOthers = rounded(Math.max(...others), 2);
  const middle = (runs: readonly Run[], name: keyof Run, digits = 0): number =>
    rounded(median(of(runs, name)), digits);
  return {
    mailing: { clusterRatio: rounded(median(ratio), 3) },
    cluster: {
      oneMailsPerSecond: middle(one, 'mailsPerSecond'),
      mailsPerSecond: middle(three, 'mailsPerSecond'),
      oneBusyCores: middle(one, 'busyCores', 2),
      busyCores: middle(three, 'busyCores', 2),
      oneRedisMicrosecondsPerMail: middle(one, 'redisMicroseconds'),
      redisMicrosecondsPerMail: middle(three, 'redisMicroseconds'),
      oneNotifierMicrosecondsPerMail: middle(one, 'notifierMicroseconds'),
      notifierMicrosecondsPerMail: middle(three, 'notifierMicroseconds'),
      othersBusyCores: mostOthers,
    },
  };
}
