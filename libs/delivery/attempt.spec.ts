import { deliver } from './deliver.ts';
import { SendLimit } from './send-limit.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { fakeBatch, fakeWorld, withDeps, type FakeWorld } from './testing/fakes.ts';
import { AT, callRecord, LINE, numberSettings } from './testing/records.ts';

/** Two recipients and one connection; the clock is in the test's hand. */
function oneConnection(clock: { now: number }): FakeWorld {
  const world = fakeWorld(createInMemoryLedger({ now: () => clock.now }), {}, () => clock.now);
  world.numbers.set(LINE, numberSettings('a@example.jp', 'b@example.jp'));
  return { ...world, deps: withDeps(world.deps, { mailing: { limit: new SendLimit(1, 1) } }) };
}

describe("a connection's turn", () => {
  it('is over when the mail server has answered, although the answer is still being written down', async () => {
    const { seen, deps } = oneConnection({ now: AT + 20_000 });
    const bothSent = Promise.withResolvers<void>();
    const { record } = deps.stores.ledger;
    deps.stores.ledger.record = async (...answer) => {
      if (seen.sent.length === 2) bothSent.resolve();
      await bothSent.promise;
      return record(...answer);
    };
    const batch = fakeBatch([callRecord('1')]);
    await deliver(deps, batch);
    expect(batch.offsets).toEqual(['1']);
    expect(seen.outcomes[0]?.recipients.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
  });

  it('C15 sends nothing when it comes after the deadline', async () => {
    const clock = { now: AT + 20_000 };
    const { seen, deps } = oneConnection(clock);
    const { send } = deps.mailing.sender;
    deps.mailing.sender.send = async (mail, beforeData) => {
      const result = await send(mail, beforeData);
      clock.now += 7 * 3_600_000;
      return result;
    };
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.sent).toHaveLength(1);
    expect(seen.outcomes[0]?.recipients.map(({ state }) => state)).toEqual(['accepted', 'expired']);
  });
});

describe('a mail server that takes long before the message', () => {
  it('C15 gets no message whose deadline passed meanwhile, and nobody is told a failure of ours', async () => {
    const clock = { now: AT + 20_000 };
    const { seen, deps } = oneConnection(clock);
    const { send } = deps.mailing.sender;
    deps.mailing.sender.send = (mail, beforeData) => {
      clock.now += 7 * 3_600_000;
      return send(mail, beforeData);
    };
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.sent).toEqual([]);
    expect(seen.outcomes[0]?.recipients.map(({ state }) => state)).toEqual(['expired', 'expired']);
    expect(seen.deadLetters).toEqual([]);
  });
});

describe('a relay that refuses us', () => {
  const refusal = { kind: 'later', response: '550 5.7.1 Log in', code: '550', refusedUs: 'login' } as const;

  it.each([
    ['puts the mail off as an attempt while it may be this recipient', false, '1'],
    ['makes room for other mails, and is nobody\u2019s attempt, once it refuses everybody', true, '0'],
  ])('%s', async (_title, isKnown, attempts) => {
    const ledger = createInMemoryLedger({ now: () => AT });
    const world = fakeWorld(ledger, { 'a@example.jp': [() => refusal] }, () => AT);
    world.numbers.set(LINE, numberSettings('a@example.jp'));
    world.deps.flow.breaker.mailRefusedUs = () => isKnown;
    const batch = fakeBatch([callRecord('1')]);
    await deliver(world.deps, batch);
    expect(batch.offsets).toEqual(['1']);
    expect(world.seen.retries.map(({ headers }) => headers['retry-attempts'])).toEqual([attempts]);
    const counted = await world.deps.telemetry.metrics.relayRefusals.get();
    expect(counted.values.find(({ labels }) => labels.cause === 'login')?.value).toBe(1);
  });
});
