import { setTimeout as delay } from 'node:timers/promises';
import { encodeEvent, japanTimeToTheSecond, type EncodedEvent } from '#events';
import type { FaxDocuments } from '#fax-documents';
import { createPublisher, KafkaError, type KafkaConnection, type Publisher } from '#kafka';
import { asForwarded } from '../../apps/switch/src/as-forwarded.ts';
import { dayOfCalls } from '../../apps/switch/src/day-of-calls.ts';
import { putFaxPages } from '../../apps/switch/src/fax-pages.ts';
import { createKnownSettings } from '../../apps/switch/src/known-settings.ts';
import { say } from '../run-command.ts';
import { watchOutcomes } from '../watch-outcomes.ts';
import { followTold } from './follow-told.ts';
import { FAX_NUMBER, SAMPLE_LINES } from './sample-subscribers.ts';
import { printRow } from './table.ts';

/** A call every second and a half: enough to watch, few enough to read. */
const PAUSE_MS = 1_500;
/** In place of every eighth call comes a FAX. */
const CALLS_TO_A_FAX = 8;
/** After this long without an answer from Kafka the user is told. */
const PATIENCE_MS = 5_000;

/**
 * Publishes realistic calls, each as if it rang now and as the switch would end it by what it has been told, and FAXes
 * among them, whose pages go into `documents`; prints their outcomes until `signal` is aborted.
 */
export async function playDay(
  connection: KafkaConnection,
  documents: FaxDocuments,
  signal: AbortSignal,
): Promise<void> {
  const titles = new Map<string, string>();
  const watching = await watchOutcomes(connection, (outcome) => {
    const title = titles.get(outcome.eventId);
    if (title !== undefined && outcome.sequence === 1) printRow({ title }, outcome);
  });
  const known = createKnownSettings();
  const following = await followTold(connection, (told) => void known.learn(told));
  const publisher = createPublisher(connection);
  try {
    let count = 0;
    for (const drawn of dayOfCalls(SAMPLE_LINES, {
      seed: Date.now(),
      midnight: Date.now(),
      callsPerNumber: 1000,
    })) {
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const id = `day-${++count}`;
      const isFax = count % CALLS_TO_A_FAX === 0;
      const call = asForwarded(drawn, known.forwardingOf(drawn));
      titles.set(id, isFax ? `FAX from ${callerOf(call)}` : titleOf(call));
      await publishPatiently(publisher, signal, async () => {
        const events = [isFax ? faxNow(call, id) : callNow(call, id)];
        await putFaxPages(documents, events);
        return events;
      });
    }
  } finally {
    await publisher.close();
    await following.close();
    await watching.close();
  }
}

/** Publishes the events that `now` makes, retrying with new ones while Kafka is away, as a switch would. */
async function publishPatiently(
  publisher: Publisher,
  signal: AbortSignal,
  now: () => Promise<readonly EncodedEvent[]>,
): Promise<void> {
  for (let isAway = false; !signal.aborted; isAway = true) {
    try {
      await publisher.publish(await now(), { signal, withinMs: PATIENCE_MS });
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

const SOURCE = 'demo-switch';

function callNow(call: Call, id: string): EncodedEvent {
  const time = Date.now();
  const data = { ...call, startedAt: japanTimeToTheSecond(time) };
  return encodeEvent({ type: 'call.v1', source: SOURCE, id, time, key: call.lineNumber, data });
}

/** A FAX of whoever would have rung. */
function faxNow({ caller, ringSeconds }: Call, id: string): EncodedEvent {
  const time = Date.now();
  const to = { lineNumber: FAX_NUMBER, calledNumber: FAX_NUMBER, sender: caller };
  const what = { pages: 1 + (ringSeconds % 5), complete: ringSeconds % 7 !== 0, documentId: `f-${id}` };
  const data = { ...to, receivedAt: japanTimeToTheSecond(time), ...what };
  return encodeEvent({ type: 'fax.v1', source: SOURCE, id, time, key: FAX_NUMBER, data });
}

const callerOf = ({ caller }: Call): string => caller.number ?? `withheld (${caller.withheld})`;

function titleOf(call: Call): string {
  return `${callerOf(call)} → ${call.calledNumber} ${call.outcome}`;
}
