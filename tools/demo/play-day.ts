import { setTimeout as delay } from 'node:timers/promises';
import { encodeEvent } from '#events';
import { createPublisher, type KafkaConnection } from '#kafka';
import { dayOfCalls } from '../../apps/switch/src/day-of-calls.ts';
import { japanTime } from '../../apps/switch/src/japan-time.ts';
import { watchOutcomes } from './outcomes.ts';
import { SAMPLE_LINES } from './sample-subscribers.ts';
import { printRow } from './table.ts';

/** A call every second and a half: enough to watch, few enough to read. */
const PAUSE_MS = 1_500;

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
      const now = { ...data, startedAt: japanTime(Date.now()) };
      await publisher.publish([
        encodeEvent({
          type: 'call.v1',
          source: 'demo-switch',
          id,
          time: Date.now(),
          key: data.lineNumber,
          data: now,
        }),
      ]);
    }
  } finally {
    await publisher.close();
    await watching.close();
  }
}

type Call = ReturnType<typeof dayOfCalls> extends Generator<infer T> ? T : never;

function titleOf({ caller, calledNumber, outcome }: Call): string {
  return `${caller.number ?? `withheld (${caller.withheld})`} → ${calledNumber} ${outcome}`;
}
