import type { RawRecord } from '#events';
import { deliver } from './deliver.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { fakeBatch, fakeWorld, type FakeWorld } from './testing/fakes.ts';

const AT = Date.parse('2026-11-21T10:00:00+09:00');
const LINE = '0312345678';
const CALL: RawRecord = {
  topic: 'call-events',
  partition: 0,
  offset: '1',
  key: Buffer.from(LINE),
  value: Buffer.from(
    JSON.stringify({
      lineNumber: LINE,
      calledNumber: LINE,
      caller: { number: '09012345678' },
      startedAt: '2026-11-21T10:00:00+09:00',
      ringSeconds: 12,
      outcome: 'unanswered',
    }),
  ),
  headers: {
    ce_specversion: '1.0',
    ce_id: '1',
    ce_source: 'switch-1',
    ce_type: 'call.v1',
    ce_time: '2026-11-21T10:00:13+09:00',
    'content-type': 'application/json',
  },
  timestamp: AT,
};

/** Two recipients and one connection; the clock is in the test's hand. */
function oneConnection(clock: { now: number }): FakeWorld {
  const world = fakeWorld(createInMemoryLedger({ now: () => clock.now }), {}, () => clock.now);
  world.numbers.set(LINE, {
    number: LINE,
    lineNumber: LINE,
    brand: 'ntt-east',
    callNotice: {
      enabled: true,
      targetCallersOnly: false,
      unansweredOnly: true,
      recipients: ['a@example.jp', 'b@example.jp'].map((address) => ({ address, enabled: true })),
      targetCallers: [],
    },
    faxNotice: { enabled: false, recipients: [] },
    screening: { nuisanceCallers: [], numberRequest: false },
  });
  world.parts.turns.concurrency = 1;
  return world;
}

describe("a connection's turn", () => {
  it('is over when the mail server has answered, although the answer is still being written down', async () => {
    const { seen, parts } = oneConnection({ now: AT + 20_000 });
    const bothSent = Promise.withResolvers<void>();
    const { record } = parts.ledger;
    parts.ledger.record = async (...answer) => {
      if (seen.sent.length === 2) bothSent.resolve();
      await bothSent.promise;
      return record(...answer);
    };
    const batch = fakeBatch([CALL]);
    await deliver(parts, batch);
    expect(batch.offsets).toEqual(['1']);
    expect(seen.outcomes[0]?.recipients.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
  });

  it('C15 sends nothing when it comes after the deadline', async () => {
    const clock = { now: AT + 20_000 };
    const { seen, parts } = oneConnection(clock);
    const { send } = parts.sender;
    parts.sender.send = async (mail, beforeData) => {
      const result = await send(mail, beforeData);
      clock.now += 7 * 3_600_000;
      return result;
    };
    await deliver(parts, fakeBatch([CALL]));
    expect(seen.sent).toHaveLength(1);
    expect(seen.outcomes[0]?.recipients.map(({ state }) => state)).toEqual(['accepted', 'expired']);
  });
});
