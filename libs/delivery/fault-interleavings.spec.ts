import fc from 'fast-check';
import type { RawRecord } from '#events';
import type { SendResult } from '#mail';
import { deliver } from './deliver.ts';
import type { DeliveryParts } from './parts.ts';
import { fakeBatch, fakeWorld, type Seen } from './testing/fakes.ts';
import { AT, faultRecord, LINE, lineSettings } from './testing/records.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';

const ADDRESSES = ['a@example.jp', 'b@example.jp'];

interface Told {
  readonly kind: 'fault' | 'recovery';
  readonly faultId: string;
}

/** What happens next, and at which of two workers: the switch tells, a record or a retry record comes (again). */
type Step = { readonly worker: 0 | 1 } & (
  ({ readonly does: 'tell' } & Told) | { readonly does: 'redeliver' | 'retry'; readonly which: number }
);

const worker = fc.constantFrom<0 | 1>(0, 1);
const told = {
  kind: fc.constantFrom<Told['kind']>('fault', 'recovery'),
  faultId: fc.constantFrom('flt-1', 'flt-2'),
};
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('tell' as const), worker, ...told }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('redeliver' as const), worker, which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('retry' as const), worker, which: fc.nat() }) },
);

function recordOf({ kind, faultId }: Told, index: number): RawRecord {
  return faultRecord(`${kind}.v1`, `e${index}`, index, faultId);
}

/** Two workers on one ledger and one state of faults, and a mail server that refuses for now when `refuses` says so. */
class TwoWorkers {
  readonly history: Told[] = [];
  /** `e3 a@example.jp` in the order of their being sent, with how much of the history there was by then. */
  readonly sent: { readonly event: number; readonly address: string; readonly told: number }[] = [];
  readonly seen: readonly Seen[];
  private readonly retries: RawRecord[] = [];
  private readonly parts: readonly DeliveryParts[];
  private now = AT + 60 * 60_000;

  constructor(refuses: () => boolean) {
    const now = (): number => this.now;
    const ledger = createInMemoryLedger({ now });
    const worlds = [fakeWorld(ledger, {}, now), fakeWorld(ledger, {}, now)];
    for (const { lines } of worlds) lines.set(LINE, lineSettings(...ADDRESSES));
    const faults = worlds[0]!.parts.faults;
    this.seen = worlds.map(({ seen }) => seen);
    this.parts = worlds.map(({ parts }) => ({
      ...parts,
      faults,
      retries: {
        put: async (record, topic, headers) =>
          void this.retries.push({
            ...record,
            topic,
            headers: { ...record.headers, ...headers },
            timestamp: AT,
          }),
      },
      sender: { ...parts.sender, send: (mail, beforeData) => this.send(refuses, mail, beforeData) },
    }));
  }

  async take(step: Step): Promise<void> {
    if (step.does === 'tell') {
      this.history.push({ kind: step.kind, faultId: step.faultId });
      return this.deliver(step.worker, recordOf(step, this.history.length - 1));
    }
    if (step.does === 'redeliver') {
      const told = this.history[step.which % Math.max(1, this.history.length)];
      if (told) await this.deliver(step.worker, recordOf(told, this.history.indexOf(told)));
      return;
    }
    const { retries } = this;
    const retry = retries[step.which % Math.max(1, retries.length)];
    if (retry) await this.deliver(step.worker, retry);
  }

  /** Until nothing waits any more; every retry record is worked. */
  async finish(): Promise<void> {
    for (let worked = 0; worked < this.retries.length; worked++) {
      await this.deliver(worked % 2 === 0 ? 0 : 1, this.retries[worked]!);
    }
  }

  private async deliver(at: 0 | 1, record: RawRecord): Promise<void> {
    const batch = fakeBatch([record]);
    await deliver(this.parts[at]!, batch);
    if (batch.offsets.join() !== record.offset) throw new Error(`record ${record.offset} was not settled`);
  }

  private async send(
    refuses: () => boolean,
    { messageId, to }: Parameters<DeliveryParts['sender']['send']>[0],
    beforeData: () => Promise<void>,
  ): Promise<SendResult> {
    if (refuses()) return { kind: 'later', response: '451 4.3.0 later', code: '451' };
    await beforeData();
    const event = Number(/^<e(\d+)\./.exec(messageId)?.[1]);
    this.sent.push({ event, address: to, told: this.history.length });
    return { kind: 'accepted', response: '250 2.0.0 Ok' };
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

describe('faults, repeats, recoveries, retries and two workers in any order', () => {
  it('R3 R4 mails each turn at most once, no fault after its recovery, and commands as the reference says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.array(fc.boolean()), async (steps, refusals) => {
        const pending = [...refusals];
        const workers = new TwoWorkers(() => pending.pop() ?? false);
        for (const one of steps) await workers.take(one);
        await workers.finish();
        const { history, sent, seen } = workers;
        const expected = turns(history);

        const mails = sent.map(({ event, address }) => `${event} ${address}`);
        expect(new Set(mails).size).toBe(mails.length);
        expect(sent.filter(({ event }) => !expected.includes(event))).toEqual([]);
        for (const { event, told: toldThen } of sent.filter(
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
          expect(mails.filter((mail) => mail.startsWith(`${event} `)).sort()).toEqual(
            ADDRESSES.map((address) => `${event} ${address}`),
          );
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
