import { setTimeout as delay } from 'node:timers/promises';
import { encodeEvent, japanTimeToTheSecond } from '#events';
import {
  createPublisher,
  KafkaError,
  type KafkaConnection,
  type OutgoingRecord,
  type Publisher,
} from '#kafka';
import { dayOfCalls } from '../../apps/switch/src/day-of-calls.ts';
import { say } from '../run-command.ts';
import { watchOutcomes } from '../watch-outcomes.ts';
import { SAMPLE_LINES } from './sample-subscribers.ts';
import { printRow } from './table.ts';

/** A call every second and a half: enough to watch, few enough to read. */
const PAUSE_MS = 1_500;
/** After this long without an answer from Kafka the user is told. */
const PATIENCE_MS = 5_000;

/** Publishes realistic calls, each as if it rang now, and prints their outcomes until `signal` is aborted. */
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
          data: { ...data, startedAt: japanTimeToTheSecond(Date.now()) },
        }),
      );
    }
  } finally {
    await publisher.close();
    await watching.close();
  }
}

/** Publishes the event that `event` makes, retrying with a new one while Kafka is away, as a switch would. */
async function publishPatiently(
  publisher: Publisher,
  signal: AbortSignal,
  event: () => OutgoingRecord,
): Promise<void> {
  for (let isAway = false; !signal.aborted; isAway = true) {
    try {
      await publisher.publish([event()], { signal, withinMs: PATIENCE_MS });
      if (isAway) say('Kafka is back: the simulated switch goes on');
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof KafkaError && error.retryable)) throw error;
      if (!isAway) say(`The simulated switch cannot publish and keeps trying: ${error.message}`);
    }
  }
}

type Call = ReturnType<typeof dayOfCalls> extends Generator<infer T> ? T : never;

function titleOf({ caller, calledNumber, outcome }: Call): string {
  return `${caller.number ?? `withheld (${caller.withheld})`} → ${calledNumber} ${outcome}`;
}
