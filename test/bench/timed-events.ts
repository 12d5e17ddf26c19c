import { setTimeout as delay } from 'node:timers/promises';
import type { Message, Producer } from 'kafkajs';
import type { RecordingSink } from './recording-sink.ts';

const TICK_MS = 5;
const POLL_MS = 500;
const LIMIT_MS = 60_000;

/** Events to publish at a steady rate, until `count` are published or `isOver` returns true. */
interface TimedEvents {
  readonly producer: Producer;
  readonly topic: string;
  readonly perSecond: number;
  readonly count: number;
  readonly isOver?: () => boolean;
  readonly make: (index: number) => { readonly message: Message; readonly recipient: string };
}

/** Publishes the events; resolves with each one's time from before the send until its mail was received, in ms. */
export async function publishedToTaken(sink: RecordingSink, events: TimedEvents): Promise<number[]> {
  const sentAt = await publishSteadily(events);
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    await delay(POLL_MS);
    const taken = await sink.taken();
    const times = [...sentAt].flatMap(([address, at]) => {
      const mail = taken.get(address);
      return mail ? [mail.at - at] : [];
    });
    if (times.length === sentAt.size) return times;
    if (Date.now() > end)
      throw new Error(`${sentAt.size - times.length} of ${sentAt.size} mails were not taken in time`);
  }
}

async function publishSteadily(events: TimedEvents): Promise<Map<string, number>> {
  const { producer, topic, perSecond, count, make, isOver = () => false } = events;
  const sentAt = new Map<string, number>();
  const sends: Promise<unknown>[] = [];
  const begun = performance.now();
  for (let sent = 0; sent < count && !isOver();) {
    const due = Math.min(count, Math.floor(((performance.now() - begun) / 1000) * perSecond) + 1);
    const made = Array.from({ length: due - sent }, (_, index) => make(sent + index));
    const now = Date.now();
    for (const { recipient } of made) sentAt.set(recipient, now);
    if (made.length > 0)
      sends.push(producer.send({ topic, messages: made.map(({ message }) => message), acks: -1 }));
    sent = Math.max(sent, due);
    await delay(TICK_MS);
  }
  await Promise.all(sends);
  return sentAt;
}
