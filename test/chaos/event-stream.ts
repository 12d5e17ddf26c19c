import { performance } from 'node:perf_hooks';
import { setInterval } from 'node:timers/promises';
import { encodeEvent, seal, type EncodedEvent } from '#events';
import type { Publisher } from '#kafka';
import type { Acknowledged } from './acknowledged.ts';
import type { ExpectedEvent } from './audit.ts';
import { CODE, SEAL_KEY } from './notifier-environment.ts';
import { NUMBERS, subscriber, type Subscriber } from './subscribers.ts';

/** The `ce_source` of all events of a chaos run. */
export const SOURCE = '/chaos';
const TICK_MS = 50;
const CODE_LIVES_MS = 10_800_000;

/** An event as a record, and its expected result. */
export interface StreamedEvent {
  readonly expected: ExpectedEvent;
  readonly record: EncodedEvent;
}

/** Publishes a steady stream of events, as the switch and the settings site do. */
export class EventStream {
  /** The events that Kafka acknowledged; only these are promised. */
  readonly acknowledged: ExpectedEvent[] = [];
  /** Events that Kafka did not acknowledge in time: nothing is promised, but it may have stored them. */
  readonly unacknowledged: ExpectedEvent[] = [];
  readonly startedAt = performance.now();
  endedAt = Infinity;
  private readonly publisher: Publisher;
  private readonly inLog: Acknowledged;
  private readonly row: string;
  private readonly perSecond: number;
  private readonly pending = new Set<Promise<void>>();
  private readonly running: Promise<void>;
  private next = 0;
  private stopped = false;

  constructor(publisher: Publisher, inLog: Acknowledged, row: string, perSecond: number) {
    this.publisher = publisher;
    this.inLog = inLog;
    this.row = row;
    this.perSecond = perSecond;
    this.running = this.run();
  }

  /** Publishes an additional event, which counts as acknowledged once Kafka has it. */
  async publish({ expected, record }: StreamedEvent): Promise<void> {
    const done = this.publisher.publish([record]).then(
      () => {
        this.acknowledged.push({ ...expected, acknowledgedAt: performance.now() });
        this.inLog.add(record.topic, expected.id);
      },
      () => void this.unacknowledged.push(expected),
    );
    this.pending.add(done);
    await done.finally(() => this.pending.delete(done));
  }

  /** Stops publishing; resolves when Kafka has acknowledged or refused everything. */
  async end(): Promise<void> {
    this.stopped = true;
    await this.running;
    await Promise.all(this.pending);
    this.endedAt = Math.min(this.endedAt, performance.now());
  }

  private async run(): Promise<void> {
    const began = performance.now();
    for await (const _ of setInterval(TICK_MS)) {
      const due = Math.floor(((performance.now() - began) / 1_000) * this.perSecond);
      while (this.next < Math.min(due, NUMBERS)) {
        void this.publish(this.eventAt(this.next));
        this.next += 1;
      }
      if (this.stopped || this.next === NUMBERS) break;
    }
    this.endedAt = performance.now();
  }

  /** Of ten events, seven are calls that become mails, one is a FAX, one an access mail, and one an answered call. */
  private eventAt(index: number): StreamedEvent {
    const id = `${this.row}-${index}`;
    const of = subscriber(index);
    if (index % 10 === 9) return faxEvent(id, of);
    if (index % 10 === 5) return accessEvent(id, of);
    return callEvent(id, of, index % 10 === 7 ? 'answered' : 'unanswered');
  }
}

const now = (): string => new Date().toISOString();

/** A call on a subscriber's number; an answered one becomes no mail (C5). */
export function callEvent(
  id: string,
  { number, addresses }: Subscriber,
  outcome: 'answered' | 'unanswered' = 'unanswered',
): StreamedEvent {
  const caller = { number: '09012345678' };
  const call = { lineNumber: number, calledNumber: number, caller, startedAt: now(), ringSeconds: 5 };
  const data = { ...call, outcome };
  return {
    expected:
      outcome === 'answered'
        ? { id, reason: 'answered', addresses: [] }
        : { id, reason: 'notify', addresses },
    record: encodeEvent({ type: 'call.v1', source: SOURCE, id, time: Date.now(), key: number, data }),
  };
}

function faxEvent(id: string, { number, addresses }: Subscriber): StreamedEvent {
  const sender = { number: '0398765432' };
  const facts = { receivedAt: now(), pages: 3, complete: true, documentId: id };
  const data = { lineNumber: number, calledNumber: number, sender, ...facts };
  return {
    expected: { id, reason: 'notify', addresses },
    record: encodeEvent({ type: 'fax.v1', source: SOURCE, id, time: Date.now(), key: number, data }),
  };
}

function accessEvent(id: string, { number }: Subscriber): StreamedEvent {
  const recipient = `access-${id}@example.jp`;
  const data = {
    kind: 'two-step-code' as const,
    number,
    brand: 'ntt-east',
    recipient,
    issuedAt: now(),
    expiresAt: new Date(Date.now() + CODE_LIVES_MS).toISOString(),
    sealed: seal({ code: CODE }, id, [SEAL_KEY]),
  };
  return {
    expected: { id, reason: 'notify', addresses: [recipient] },
    record: encodeEvent({ type: 'access-mail.v1', source: SOURCE, id, time: Date.now(), key: number, data }),
  };
}

/** A fault that starts the bulk transfer of its line (R3). */
export function faultEvent(id: string, { number, addresses }: Subscriber): StreamedEvent {
  const data = { lineNumber: number, faultId: id, at: now() };
  return {
    expected: { id, reason: 'notify', addresses },
    record: encodeEvent({ type: 'fault.v1', source: SOURCE, id, time: Date.now(), key: number, data }),
  };
}
