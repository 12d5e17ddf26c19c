import type { Message } from 'kafkajs';
import { encodeEvent, seal } from '#events';
import { BENCH_SEAL_KEY } from './bench-servers.ts';
import { benchNumber, withProducer } from './call-load.ts';
import { startMeasuredNotifier, type MeasuredNotifier, type Sample } from './measured-notifier.ts';
import { startRecordingSink, type RecordingSink } from './recording-sink.ts';
import type { MailScene, Scene } from './scenario.ts';
import { publishedToTaken } from './timed-events.ts';
import { untilSettled, type NotifierRun } from './watch-notifiers.ts';

const PER_SECOND = 50;
const WARM_UP = 300;
/** Passwords are sent until this part of the backlog is settled. */
const NEARLY_OVER = 0.95;

function oneTimePassword(
  run: string,
  index: number,
): { readonly message: Message; readonly recipient: string } {
  const recipient = `${run}-${index}@example.jp`;
  const id = `otp-${run}-${index}`;
  const { key, value, headers } = encodeEvent({
    type: 'access-mail.v1',
    source: 'bench-site',
    id,
    time: Date.now(),
    key: benchNumber(0),
    data: {
      kind: 'one-time-password',
      number: benchNumber(0),
      brand: 'ntt-east',
      recipient,
      issuedAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 300_000).toISOString(),
      sealed: seal({ code: '123456' }, id, [BENCH_SEAL_KEY]),
    },
  });
  return { message: { key, value, headers: { ...headers } }, recipient };
}

/** A backlog of events and the group that works it off. */
interface Backlog {
  readonly topicPrefix: string;
  readonly groupId: string;
  readonly events: number;
}

/** The result of sending one-time passwords while a backlog was worked off. */
export interface Overtaken {
  /** The passwords' times from published to accepted, in ms. */
  readonly times: readonly number[];
  /** The process that worked off the backlog. */
  readonly run: NotifierRun;
  readonly main: MeasuredNotifier;
  readonly sink: RecordingSink;
}

/** Sends one-time passwords through their own process while another works off a backlog; `look` evaluates the result. */
export async function overtakeBacklog<T>(
  scene: MailScene,
  backlog: Backlog,
  look: (overtaken: Overtaken) => Promise<T>,
): Promise<T> {
  const sink = await startRecordingSink(scene.postfix);
  const { topicPrefix, groupId, events } = backlog;
  const started: MeasuredNotifier[] = [];
  const start = async (lane: 'access' | 'main,retry'): Promise<MeasuredNotifier> => {
    const options = { topicPrefix, groupId, smtpUrl: sink.url, lane };
    const notifier = await startMeasuredNotifier(scene.servers, options);
    started.push(notifier);
    return notifier;
  };
  const send = (run: string, count: number, isOver?: () => boolean): Promise<number[]> =>
    // Unique ids for each backlog: a repeated one would be a duplicate and become no mail.
    passwords(scene, sink, { topicPrefix, run: `${groupId}-${run}`, count, ...(isOver ? { isOver } : {}) });
  try {
    await (await start('access')).ready();
    await send('warm', WARM_UP);
    scene.say(`One-time passwords while ${events} calls wait`);
    // With its retries: on a busy machine some mails are put off.
    const main = await start('main,retry');
    const begun = Promise.withResolvers<void>();
    let isOver = false;
    const working = untilSettled([main], events, ({ settled }: Sample) => {
      if (settled > 0) begun.resolve();
      isOver = settled >= events * NEARLY_OVER;
    });
    await Promise.race([begun.promise, working]);
    const times = await send('otp', Infinity, () => isOver);
    return await look({ times, run: await working, main, sink });
  } finally {
    await Promise.all(started.map((notifier) => notifier.stop()));
    await sink.close();
  }
}

interface Passwords {
  readonly topicPrefix: string;
  readonly run: string;
  readonly count: number;
  readonly isOver?: () => boolean;
}

function passwords(
  { servers }: Scene,
  sink: RecordingSink,
  { topicPrefix, run, ...rest }: Passwords,
): Promise<number[]> {
  return withProducer(servers, (producer) =>
    publishedToTaken(sink, {
      producer,
      topic: `${topicPrefix}access-mails`,
      perSecond: PER_SECOND,
      make: (index) => oneTimePassword(run, index),
      ...rest,
    }),
  );
}
