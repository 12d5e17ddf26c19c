import { performance } from 'node:perf_hooks';
import { setInterval } from 'node:timers/promises';
import {
  DEAD_LETTER_TOPIC,
  OUTCOMES_TOPIC,
  RETRY_TOPICS,
  SWITCH_COMMANDS_TOPIC,
  type RawRecord,
} from '#events';
import type { OutcomeItem } from '#delivery';
import { createDeadLetters, createOutcomeLog, createRetryQueue, createSwitchCommands } from '#kafka';
import { runLoad } from '../../apps/switch/src/load.ts';
import { SOURCE } from './event-stream.ts';
import type { Scene } from './scene.ts';

const TICK_MS = 50;
const LINE = '0310000000';
/** Nobody's numbers: their calls become outcomes without a mail. */
const SWITCH_LOAD = { rate: 60, numbers: 50, firstNumber: LINE, source: SOURCE, seed: 1 };

/** Publishes one record of its kind under an id; `topic` is where it goes. */
interface Writer {
  readonly topic: string;
  readonly write: (id: string) => Promise<void>;
}

/** A record that no notifier can read: put into a retry topic it becomes a dead letter, and no mail. */
function unreadable(id: string): RawRecord {
  const headers = { ce_specversion: '1.0', ce_id: id, ce_source: SOURCE, ce_type: 'call.v1' };
  const value = Buffer.from(`unreadable ${id}`);
  return {
    topic: 'call-events',
    partition: 0,
    offset: '0',
    key: null,
    value,
    headers,
    timestamp: Date.now(),
  };
}

/** Each topic that a notifier publishes to, written as it does that. */
function writersOf({ publisher, name }: Scene): readonly Writer[] {
  const outcomes = createOutcomeLog(publisher, SOURCE);
  const retries = createRetryQueue(publisher, `${name}.`);
  const deadLetters = createDeadLetters(publisher, `${name}.`);
  const commands = createSwitchCommands(publisher, SOURCE);
  return [
    { topic: OUTCOMES_TOPIC, write: (id) => outcomes.publish([answeredCall(id)]) },
    { topic: DEAD_LETTER_TOPIC, write: (id) => deadLetters.keep(unreadable(id), 'malformed', 'chaos', 0) },
    {
      topic: SWITCH_COMMANDS_TOPIC,
      write: (id) =>
        commands.bulkTransfer({ id, lineNumber: LINE, action: 'start', because: id, at: Date.now() }),
    },
    ...RETRY_TOPICS.map((topic) => ({
      topic,
      write: (id: string) => retries.put(unreadable(id), topic, {}),
    })),
  ];
}

function answeredCall(eventId: string): OutcomeItem {
  const at = new Date().toISOString();
  const call = {
    eventSource: SOURCE,
    eventId,
    sequence: 1,
    kind: 'call',
    number: LINE,
    lineNumber: LINE,
    at,
  };
  return { ...call, reason: 'answered', recipients: [] };
}

/**
 * Writes to every topic of ours as our programs do, the simulated switch among them, until `signal` is aborted; the
 * scene keeps what Kafka acknowledged. Resolves when each record was acknowledged or given up.
 */
export async function writeEverything(scene: Scene, signal: AbortSignal): Promise<void> {
  const pending: Promise<void>[] = [];
  const keep = (topic: string, id: string, written: Promise<void>): void =>
    void pending.push(
      written.then(
        () => scene.acknowledged.add(topic, id),
        () => undefined,
      ),
    );
  const load = switchLoad(scene, signal);
  const writers = writersOf(scene);
  for await (const _ of setInterval(TICK_MS)) {
    if (signal.aborted) break;
    for (const { topic, write } of writers) {
      const id = `${scene.name}-${topic}-${performance.now()}`;
      keep(topic, id, write(id));
    }
  }
  await Promise.all([load, ...pending]);
}

/** The simulated switch's own load. */
async function switchLoad({ publisher, acknowledged }: Scene, signal: AbortSignal): Promise<void> {
  const port = {
    signal,
    now: Date.now,
    print: () => undefined,
    follow: () => Promise.resolve(),
    publish: async (events: Parameters<Parameters<typeof runLoad>[0]['publish']>[0]) => {
      await publisher.publish(events).then(
        () => events.forEach(({ topic, headers }) => acknowledged.add(topic, headers['ce_id'] ?? '')),
        () => undefined,
      );
    },
  };
  await runLoad(port, { ...SWITCH_LOAD, seconds: 3_600 });
}
