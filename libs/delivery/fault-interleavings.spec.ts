import fc from 'fast-check';
import type { RawRecord } from '#events';
import type { BeforeData, SendResult } from '#mail';
import { deliver } from './deliver.ts';
import type { DeliveryDeps } from './deps.ts';
import { fakeBatch, fakeWorld, withDeps, type Seen } from './testing/fakes.ts';
import { AT, faultRecord, LINE, lineSettings } from './testing/records.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';

const ADDRESSES = ['a@example.jp', 'b@example.jp'];

interface Told {
  readonly kind: 'fault' | 'recovery';
  readonly faultId: string;
}

/** What the mail server answers to a message, when it answers. */
const ENDS = ['accepted', 'later', 'in-doubt'] as const;
type End = (typeof ENDS)[number];

/**
 * What happens next, and at which of two workers: the switch tells (and the worker meets a bug of ours before a fault is
 * claimed), a record, a retry record or a dead letter comes (again), the mail server answers what is under way.
 */
type Step = { readonly worker: 0 | 1 } & (
  | ({ readonly does: 'tell'; readonly breaks: boolean } & Told)
  | { readonly does: 'redeliver' | 'retry' | 'replay'; readonly which: number }
  | { readonly does: 'answer'; readonly which: number; readonly end: End }
);

const worker = fc.constantFrom<0 | 1>(0, 1);
const told = {
  kind: fc.constantFrom<Told['kind']>('fault', 'recovery'),
  faultId: fc.constantFrom('flt-1', 'flt-2'),
};
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('tell' as const),
      worker,
      breaks: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
      ...told,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('replay' as const), worker, which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('redeliver' as const), worker, which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('retry' as const), worker, which: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('answer' as const),
      worker,
      which: fc.nat(),
      end: fc.constantFrom(...ENDS),
    }),
  },
);

function recordOf({ kind, faultId }: Told, index: number): RawRecord {
  return faultRecord(`${kind}.v1`, `e${index}`, index, faultId);
}

/**
 * How the mail server takes the next message: at once, refusing it for now, leaving it under way, or taking so long for
 * its envelope that the message has to be allowed once more.
 */
type Manner = 'takes' | 'refuses' | 'waits' | 'thinks';

interface UnderWay {
  /** The message; absent while the mail server is at its envelope. */
  readonly sent?: Sent;
  readonly resolve: (result: SendResult) => void;
}

/** A message that left: its event, to whom, and how much of the history there was when it did. */
interface Sent {
  readonly event: number;
  readonly address: string;
  readonly told: number;
}

/** Two workers on one ledger and one state of faults, and a mail server whose manners are drawn. */
class TwoWorkers {
  readonly history: Told[] = [];
  /** `e3 a@example.jp` in the order of their being sent, with how much of the history there was by then. */
  readonly sent: Sent[] = [];
  /** Whatever began, whether it was taken or not. */
  readonly begun: Sent[] = [];
  /** What left and brought no answer, whether it arrived or not. */
  readonly inDoubt: Sent[] = [];
  private readonly underWay: UnderWay[] = [];
  private readonly delivering = new Set<Promise<void>>();
  readonly seen: readonly Seen[];
  private readonly retries: RawRecord[] = [];
  private readonly deps: readonly DeliveryDeps[];
  private now = AT + 60 * 60_000;

  constructor(manner: () => Manner) {
    const now = (): number => this.now;
    const ledger = createInMemoryLedger({ now });
    const worlds = [fakeWorld(ledger, {}, now), fakeWorld(ledger, {}, now)];
    for (const { lines } of worlds) lines.set(LINE, lineSettings(...ADDRESSES));
    const faults = worlds[0]!.deps.stores.faults;
    this.seen = worlds.map(({ seen }) => seen);
    this.deps = worlds.map(({ deps }) =>
      withDeps(deps, {
        stores: { faults },
        publishing: {
          retries: {
            put: async (record, topic, headers) =>
              void this.retries.push({
                ...record,
                topic,
                headers: { ...record.headers, ...headers },
                timestamp: AT,
              }),
          },
        },
        mailing: {
          sender: { ...deps.mailing.sender, send: (mail, beforeData) => this.send(manner, mail, beforeData) },
        },
      }),
    );
  }

  async take(step: Step): Promise<void> {
    if (step.does === 'tell') {
      this.history.push({ kind: step.kind, faultId: step.faultId });
      const breaks = step.breaks && step.kind === 'fault';
      return this.deliver(step.worker, recordOf(step, this.history.length - 1), breaks);
    }
    if (step.does === 'redeliver') {
      const told = this.history[step.which % Math.max(1, this.history.length)];
      if (told) await this.deliver(step.worker, recordOf(told, this.history.indexOf(told)));
      return;
    }
    if (step.does === 'answer') return this.answer(step.which, step.end);
    if (step.does === 'replay') {
      const dead = this.deadLetters();
      const record = dead[step.which % Math.max(1, dead.length)];
      if (record) await this.replay(step.worker, record);
      return;
    }
    const { retries } = this;
    const retry = retries[step.which % Math.max(1, retries.length)];
    if (retry) await this.deliver(step.worker, retry);
  }

  private deadLetters(): RawRecord[] {
    return this.seen.flatMap(({ deadLetters }) => deadLetters.map(({ record }) => record));
  }

  private replay(at: 0 | 1, record: RawRecord): Promise<void> {
    return this.deliver(at, { ...record, headers: { ...record.headers, replay: 'x' } });
  }

  /** Until nothing waits any more; every dead letter and every retry record is worked. */
  async finish(): Promise<void> {
    for (const record of this.deadLetters()) await this.replay(0, record);
    for (let worked = 0; this.underWay.length > 0 || worked < this.retries.length;) {
      if (this.underWay.length > 0) await this.answer(0, 'accepted');
      else await this.deliver(worked % 2 === 0 ? 0 : 1, this.retries[worked++]!);
    }
    await Promise.all(this.delivering);
  }

  private async answer(which: number, end: End): Promise<void> {
    const [message] = this.underWay.splice(which % Math.max(1, this.underWay.length), 1);
    if (!message) return;
    if (message.sent && end === 'accepted') this.sent.push(message.sent);
    if (message.sent && end === 'in-doubt') this.inDoubt.push(message.sent);
    message.resolve(resultOf(end));
    await this.quiet();
  }

  /** Until nothing goes on but what waits for the mail server. */
  private async quiet(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
  }

  private async deliver(at: 0 | 1, record: RawRecord, breaks = false): Promise<void> {
    const batch = fakeBatch([record]);
    const deps = this.deps[at]!;
    const claim = breaks ? () => Promise.reject(new TypeError('boom')) : deps.stores.ledger.claim;
    const delivering = deliver(
      withDeps(deps, { stores: { ledger: { ...deps.stores.ledger, claim } } }),
      batch,
    ).then(() => {
      if (batch.offsets.join() !== record.offset)
        throw new Error(`record ${record.offset} was not acknowledged`);
    });
    this.delivering.add(delivering);
    // With a message under way it is not over; others go on meanwhile.
    await Promise.race([delivering, this.quiet()]);
  }

  private async send(
    manner: () => Manner,
    { messageId, to }: Parameters<DeliveryDeps['mailing']['sender']['send']>[0],
    beforeData: BeforeData,
  ): Promise<SendResult> {
    await beforeData();
    let how = manner();
    for (; how === 'thinks'; how = manner()) {
      await new Promise<SendResult>((resolve) => this.underWay.push({ resolve }));
      await beforeData();
    }
    const event = Number(/^<e(\d+)\./.exec(messageId)?.[1]);
    const sent = { event, address: to, told: this.history.length };
    this.begun.push(sent);
    if (how === 'refuses') return resultOf('later');
    if (how === 'waits') return new Promise((resolve) => this.underWay.push({ sent, resolve }));
    this.sent.push(sent);
    return resultOf('accepted');
  }
}

/** More turns of the event loop than a delivery needs in memory. */
const TURNS = 8;

function resultOf(end: End): SendResult {
  switch (end) {
    case 'accepted':
      return { kind: 'accepted', response: '250 2.0.0 Ok' };
    case 'later':
      return { kind: 'later', response: '451 4.3.0 later', code: '451' };
    case 'in-doubt':
      return { kind: 'in-doubt', error: new Error('closed behind the final dot') };
  }
}

/** The plain reference: which told words begin a fault or end one, everything else being a repeat. */
function turns(history: readonly Told[]): number[] {
  const failed = new Map<string, boolean>();
  return history.flatMap(({ kind, faultId }, index) => {
    const isNew = kind === 'fault' ? failed.get(faultId) !== true : failed.get(faultId) !== false;
    failed.set(faultId, kind === 'fault');
    return isNew ? [index] : [];
  });
}

const manners = fc.array(fc.constantFrom<Manner>('takes', 'refuses', 'waits', 'thinks'), {
  maxLength: 40,
  size: 'max',
});

describe('faults, repeats, recoveries, retries and two workers in any order', () => {
  it('R3 R4 mails each turn at most once, no fault after its recovery, and commands as the reference says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), manners, async (steps, drawn) => {
        const pending = [...drawn];
        const workers = new TwoWorkers(() => pending.pop() ?? 'takes');
        for (const one of steps) await workers.take(one);
        await workers.finish();
        const { history, begun, sent, inDoubt, seen } = workers;
        const expected = turns(history);

        const mails = sent.map(({ event, address }) => `${event} ${address}`);
        expect(new Set(mails).size).toBe(mails.length);
        expect(sent.filter(({ event }) => !expected.includes(event))).toEqual([]);
        // R4: once its recovery is heard of, the fault's mail is never sent, though it may be under way.
        for (const { event, told: toldThen } of begun.filter(
          ({ event: index }) => history[index]?.kind === 'fault',
        )) {
          const recovered = history.findIndex(
            (one, index) =>
              index > event && one.kind === 'recovery' && one.faultId === history[event]?.faultId,
          );
          expect(recovered < 0 || toldThen <= recovered).toBe(true);
        }
        // Whoever is told at all of a fault's end is told: each recovery reaches everybody.
        for (const event of expected.filter((index) => history[index]?.kind === 'recovery')) {
          const told = [...sent, ...inDoubt].filter((one) => one.event === event);
          expect([...new Set(told.map(({ address }) => address))].sort()).toEqual(ADDRESSES);
        }
        const starts = new Set(
          seen.flatMap(({ commands }) =>
            commands.filter(({ action }) => action === 'start').map(({ id }) => id),
          ),
        );
        expect(starts.size).toBe(expected.filter((index) => history[index]?.kind === 'fault').length);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
