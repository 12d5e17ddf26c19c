import { MAILING_PREFIX, type BenchServers } from './bench-servers.ts';
import { benchCall, publishMany } from './call-load.ts';
import { startMeasuredNotifier, type Sample } from './measured-notifier.ts';
import { beginAtEnd } from './prepare.ts';
import { untilSettled, type NotifierRun } from './watch-notifiers.ts';

const TOPIC = `${MAILING_PREFIX}call-events`;

/** One run of mailing. */
interface MailRun {
  /** Part of the calls' ids and of the group's name; unique, because the same call is not mailed twice. */
  readonly name: string;
  readonly mails: number;
  readonly smtpPort: number;
}

/** Publishes calls that become one mail each, then measures a notifier working them off. `onSample` gets every sample. */
export async function mailCalls(
  servers: BenchServers,
  { name, mails, smtpPort }: MailRun,
  onSample?: (sample: Sample) => void,
): Promise<NotifierRun> {
  const groupId = `bench-${name}`;
  await beginAtEnd(servers, `${groupId}-main`, TOPIC);
  await publishMany(servers, TOPIC, mails, (index) => benchCall(name, index, 'unanswered'));
  const smtpUrl = `smtp://127.0.0.1:${smtpPort}`;
  const options = { lane: 'main', topicPrefix: MAILING_PREFIX, groupId, smtpUrl } as const;
  const notifier = await startMeasuredNotifier(servers, options);
  try {
    return await untilSettled([notifier], mails, onSample);
  } finally {
    await notifier.stop();
  }
}
