import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeEvent, japanTimeToTheSecond, type EncodedEvent, type EventData } from '#events';
import { createPublisher, type KafkaConnection } from '#kafka';
import { readDeadLetters } from '#operations';
import { printDeadLetter } from './table.ts';

const LIMIT_MS = 30_000;
const POLL_MS = 200;
/** A time may be five minutes ahead: a minute later this one can be read, and be replayed. */
const CLOCK_AHEAD_MS = 6 * 60_000;

const LINE = '0312345678';

/** What a switch with a fault of its own publishes, by what happened. */
const BROKEN: readonly (readonly [string, (now: number) => object])[] = [
  [
    "The switch's clock is 6 minutes ahead",
    (now) => ({ startedAt: japanTimeToTheSecond(now + CLOCK_AHEAD_MS) }),
  ],
  ['The switch invents an outcome', () => ({ outcome: 'engaged' })],
];

/**
 * Publishes calls that break the contract and prints the dead letters that they become, for the operator to replay or to
 * close. Resolves with what is missing.
 */
export async function playDeadLetters(connection: KafkaConnection, signal: AbortSignal): Promise<string[]> {
  const publisher = createPublisher(connection);
  try {
    const missing: string[] = [];
    for (const [title, fault] of BROKEN) {
      const id = randomUUID();
      await publisher.publish([brokenCall(id, fault)]);
      const reason = await reasonOf(connection, id, signal);
      printDeadLetter(title, reason);
      if (reason !== 'malformed') missing.push(`${title}: expected a dead letter, found ${reason}`);
    }
    return missing;
  } finally {
    await publisher.close();
  }
}

function brokenCall(id: string, fault: (now: number) => object): EncodedEvent {
  const time = Date.now();
  const call = {
    lineNumber: LINE,
    calledNumber: LINE,
    caller: { number: '09012345678' },
    startedAt: japanTimeToTheSecond(time),
    ringSeconds: 25,
    outcome: 'unanswered',
    ...fault(time),
  } as EventData<'call.v1'>;
  return encodeEvent({
    type: 'call.v1',
    source: 'demo-switch',
    id,
    time,
    key: LINE,
    data: call,
  });
}

/** Why the event became a dead letter, when it does so in time. */
async function reasonOf(connection: KafkaConnection, id: string, signal: AbortSignal): Promise<string> {
  for (const end = performance.now() + LIMIT_MS; performance.now() < end;) {
    const letter = (await readDeadLetters(connection)).find(({ event }) => event.id === id);
    if (letter) return letter.reason;
    await delay(POLL_MS, undefined, { signal });
  }
  return 'none';
}
