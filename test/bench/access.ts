import type { Message } from 'kafkajs';
import { encodeEvent, seal } from '#events';
import { BENCH_SEAL_KEY, DECIDING_PREFIX } from './bench-servers.ts';
import { benchNumber, withProducer } from './call-load.ts';
import { startMeasuredNotifier, type MeasuredNotifier, type Sample } from './measured-notifier.ts';
import { startRecordingSink, type RecordingSink } from './recording-sink.ts';
import type { Figures } from './figures.ts';
import type { Scene } from './scenario.ts';
import { percentile, rounded } from './statistics.ts';
import { publishedToTaken } from './timed-events.ts';
import { untilSettled } from './watch-notifiers.ts';

const TOPIC = `${DECIDING_PREFIX}access-mails`;
const PER_SECOND = 50;
const WARM_UP = 300;

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

/** One-time passwords by a process of their own, while another works off a backlog of calls at full speed. */
export async function access(scene: Scene): Promise<Figures> {
  const { servers, say } = scene;
  const sink = await startRecordingSink();
  const options = { topicPrefix: DECIDING_PREFIX, groupId: 'bench-access', smtpUrl: sink.url };
  const started: MeasuredNotifier[] = [];
  const start = async (lane: 'access' | 'main'): Promise<MeasuredNotifier> => {
    const notifier = await startMeasuredNotifier(servers, { ...options, lane });
    started.push(notifier);
    return notifier;
  };
  try {
    const own = await start('access');
    await own.ready();
    await passwords(scene, sink, { run: 'warm', count: WARM_UP });
    say(`One-time passwords while ${scene.size.calls} calls wait`);
    return await overtake(scene, sink, await start('main'));
  } finally {
    await Promise.all(started.map((notifier) => notifier.stop()));
    await sink.close();
  }
}

interface Passwords {
  readonly run: string;
  readonly count: number;
  readonly isOver?: () => boolean;
}

function passwords({ servers }: Scene, sink: RecordingSink, { run, ...rest }: Passwords): Promise<number[]> {
  return withProducer(servers, (producer) =>
    publishedToTaken(sink, {
      producer,
      topic: TOPIC,
      perSecond: PER_SECOND,
      make: (index) => oneTimePassword(run, index),
      ...rest,
    }),
  );
}

/** Only what is published between the backlog's beginning and its end counts. */
async function overtake(scene: Scene, sink: RecordingSink, main: MeasuredNotifier): Promise<Figures> {
  const { size, report, chart } = scene;
  const begun = Promise.withResolvers<void>();
  let isOver = false;
  const backlog = untilSettled([main], size.calls, ({ settled }: Sample) => {
    if (settled > 0) begun.resolve();
    isOver = settled >= size.calls * 0.95;
  });
  await Promise.race([begun.promise, backlog]);
  const times = await passwords(scene, sink, { run: 'otp', count: Infinity, isOver: () => isOver });
  const { residentMB, samples } = await backlog;
  chart.add('backlog beside one-time passwords', samples);
  for (const part of [0.5, 0.99, 0.999])
    report.add(
      `one-time password, ${size.calls} calls waiting, p${rounded(part * 100, 1)}`,
      [percentile(times, part)],
      'ms',
    );
  report.add('one-time passwords measured', [times.length], '');
  report.add('the other process: resident memory, most', [residentMB], 'MB');
  return {
    access: {
      backlogP50Ms: rounded(percentile(times, 0.5)),
      backlogP99Ms: rounded(percentile(times, 0.99)),
      backlogEvents: size.calls,
    },
    memory: { backlogMB: rounded(residentMB) },
  };
}
