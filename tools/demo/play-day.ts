import { setTimeout as delay } from 'node:timers/promises';
import { encodeEvent } from '#events';
import {
  createPublisher,
  KafkaError,
  type KafkaConnection,
  type OutgoingRecord,
  type Publisher,
} from '#kafka';
import { dayOfCalls } from '../../apps/switch/src/day-of-calls.ts';
import { japanTime } from '../../apps/switch/src/japan-time.ts';
import { say } from '../run-command.ts';
import { watchOutcomes } from '../watch-outcomes.ts';
import { SAMPLE_LINES } from './sample-subscribers.ts';
import { printRow } from './table.ts';

/** A call every second and a half: enough to watch, few enough to read. */
const PAUSE_MS = 1_500;
/** After so long without an answer of Kafka the person at the keyboard is told. */
const PATIENCE_MS = 5_000;

/** Lets a believable day of calls go on, as if each rang now, and prints what becomes of it, until `signal` is aborted. */
export async function playDay(connection: KafkaConnection, signal: AbortSignal): Promise<void> {
  const titles = new Map<string, string>();
  const watching = await watchOutcomes(connection, (outcome) => {
    const title = titles.get(outcome.eventId);
    if (title !== undefined && outcome.sequence === 1) printRow({ title }, outcome);
  });
  const publisher = createPublisher(connection);
  try {
    let count = 0;
    for (const data of dayOfCalls(SAMPLE_LINES, {
      seed: Date.now(),
      midnight: Date.now(),
      callsPerNumber: 1000,
    })) {
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const id = `day-${++count}`;
      titles.set(id, titleOf(data));
      await publishPatiently(publisher, signal, () =>
        encodeEvent({
          type: 'call.v1',
          source: 'demo-switch',
          id,
          time: Date.now(),
          key: data.lineNumber,
          data: { ...data, startedAt: japanTime(Date.now()) },
        }),
      );
    }
  } finally {
    await publisher.close();
    await watching.close();
  }
}

/** Publishes what `event` makes of the moment, again and again while Kafka is away, as a switch does. */
async function publishPatiently(
  publisher: Publisher,
  signal: AbortSignal,
  event: () => OutgoingRecord,
): Promise<void> {
  for (let isAway = false; !signal.aborted; isAway = true) {
    try {
      await publisher.publish([event()], { signal, withinMs: PATIENCE_MS });
      if (isAway) say('The simulated switch reaches Kafka again: the day goes on');
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof KafkaError && error.retryable)) throw error;
      if (!isAway) say(`The simulated switch cannot publish, and tries again until it can: ${error.message}`);
    }
  }
}

type Call = ReturnType<typeof dayOfCalls> extends Generator<infer T> ? T : never;

function titleOf({ caller, calledNumber, outcome }: Call): string {
  return `${caller.number ?? `withheld (${caller.withheld})`} → ${calledNumber} ${outcome}`;
}
