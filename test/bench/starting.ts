import { setTimeout as delay } from 'node:timers/promises';
import type { Figures } from './figures.ts';
import { startMeasuredNotifier } from './measured-notifier.ts';
import { prepareTopics } from './prepare.ts';
import type { Scene } from './scenario.ts';
import { median, rounded } from './statistics.ts';

/** Lets the machine rest between two starts. */
const REST_MS = 500;
/** Topics without events. */
const PREFIX = 'bench-starting.';

/** Measures how long the compiled notifier takes, with all its lanes, until it has joined its groups. */
export async function starting({ servers, size, report, say }: Scene): Promise<Figures> {
  const times: number[] = [];
  await prepareTopics(servers, PREFIX);
  const options = { topicPrefix: PREFIX, groupId: 'bench-starting', smtpUrl: servers.SMTP_URL } as const;
  for (let start = 1; start <= size.starts; start += 1) {
    say(`Starting, ${start} of ${size.starts}`);
    await delay(REST_MS);
    const begun = performance.now();
    const notifier = await startMeasuredNotifier(servers, { ...options, lane: 'access,main,retry' });
    await notifier.ready();
    times.push(performance.now() - begun);
    await notifier.stop();
  }
  report.add('from exec until it has joined its groups', times, 'ms');
  return { start: { joinedMs: rounded(median(times)) } };
}
