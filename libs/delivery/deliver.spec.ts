import type { RawRecord } from '#events';
import type { SendResult } from '#mail';
import type { Ledger } from './ports.ts';
import { deliver } from './deliver.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { fakeBatch, fakeWorld, retried, withDeps, type FakeWorld } from './testing/fakes.ts';
import { AT, callRecord, LINE, numberSettings } from './testing/records.ts';

const OK = '250 2.0.0 Ok';

type Script = Record<string, (() => SendResult | Promise<SendResult>)[]>;

function world(script: Script = {}, now: () => number = () => AT + 20_000): FakeWorld {
  const made = fakeWorld(createInMemoryLedger({ now }), script, now);
  made.numbers.set(LINE, numberSettings('a@example.jp', 'b@example.jp'));
  return made;
}

const later = (): SendResult => ({ kind: 'later', response: '451 4.3.0 try later', code: '451' });
const never = (): SendResult => ({
  kind: 'never',
  response: '550 5.1.1 no such user',
  code: '550',
  cause: 'address',
});
const away = (): SendResult => ({ kind: 'unavailable', error: new Error('connect refused') });

const boom = (): never => {
  throw new TypeError('boom');
};

const redisAway = (): Error =>
  Object.assign(new Error('away'), { code: 'REDIS_UNAVAILABLE', retryable: true });

describe('deliver', () => {
  it('C1 sends a mail to each recipient, tells the outcome once, and settles the record', async () => {
    const { seen, deps } = world();
    const batch = fakeBatch([callRecord('1')]);
    await deliver(deps, batch);
    expect(seen.sent.map(({ address }) => address).sort()).toEqual(['a@example.jp', 'b@example.jp']);
    expect(batch.offsets).toEqual(['1']);
    expect(seen.outcomes).toEqual([
      {
        eventSource: 'switch-1',
        eventId: '1',
        sequence: 1,
        kind: 'call',
        number: LINE,
        lineNumber: LINE,
        at: '2026-11-21T10:00:00+09:00',
        reason: 'notify',
        recipients: [
          { address: 'a@example.jp', state: 'accepted', attempts: 1, response: OK },
          { address: 'b@example.jp', state: 'accepted', attempts: 1, response: OK },
        ],
      },
    ]);
  });

  it('C5 tells why an event becomes no mail, and settles it', async () => {
    const { seen, deps } = world();
    const batch = fakeBatch([callRecord('1', '1', { outcome: 'answered' })]);
    await deliver(deps, batch);
    expect(seen.sent).toEqual([]);
    expect(seen.outcomes).toMatchObject([{ reason: 'answered', sequence: 1, recipients: [] }]);
    expect(batch.offsets).toEqual(['1']);
  });

  it('keeps a malformed record as it came and settles those behind it', async () => {
    const { seen, deps } = world();
    const poison = { ...callRecord('1'), value: Buffer.from('{') };
    const batch = fakeBatch([poison, callRecord('2')]);
    await deliver(deps, batch);
    expect(seen.deadLetters).toMatchObject([{ reason: 'malformed', record: poison }]);
    expect(seen.sent).toHaveLength(2);
    expect(batch.offsets.sort()).toEqual(['1', '2']);
  });

  it('sends nothing again when the same event comes twice, in one batch or later', async () => {
    const { seen, deps } = world();
    await deliver(deps, fakeBatch([callRecord('1', '1'), callRecord('1', '2')]));
    const again = fakeBatch([callRecord('1', '3')]);
    await deliver(deps, again);
    expect(seen.sent).toHaveLength(2);
    expect(seen.outcomes).toHaveLength(1);
    expect(again.offsets).toEqual(['3']);
    expect((await deps.telemetry.metrics.events.get()).values).toContainEqual(
      expect.objectContaining({ labels: { topic: 'call-events', result: 'duplicate' }, value: 2 }),
    );
  });

  it('puts only the recipient that was refused for now into the retry topic, and reaches it by that', async () => {
    let now = AT + 20_000;
    const made = world({ 'a@example.jp': [later] }, () => now);
    const { seen, deps } = made;
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.sent.map(({ address }) => address)).toEqual(['b@example.jp']);
    expect(seen.retries).toMatchObject([
      { topic: 'notify-retry-10s', headers: { 'retry-address': 'a@example.jp' } },
    ]);
    expect(seen.outcomes[0]?.recipients[0]).toMatchObject({ state: 'deferred', attempts: 1 });

    const records = retried(made);
    const early = fakeBatch(records);
    expect(await deliver(deps, early)).toEqual({ resumeAt: now + 10_000 });
    expect(early.offsets).toEqual([]);

    now += 10_000;
    const due = fakeBatch(records);
    await deliver(deps, due);
    expect(due.offsets).toEqual(['0']);
    expect(seen.sent.map(({ address }) => address)).toEqual(['b@example.jp', 'a@example.jp']);
    expect(seen.outcomes[1]).toMatchObject({
      sequence: 2,
      recipients: [{ state: 'accepted', attempts: 2 }, {}],
    });
  });

  it('sends nothing again when a retry record comes twice', async () => {
    let now = AT + 20_000;
    const made = world({ 'a@example.jp': [later] }, () => now);
    await deliver(made.deps, fakeBatch([callRecord('1')]));
    const records = retried(made);
    now += 10_000;
    await deliver(made.deps, fakeBatch(records));
    await deliver(made.deps, fakeBatch(records));
    expect(made.seen.sent).toHaveLength(2);
    expect(made.seen.outcomes).toHaveLength(2);
  });

  it('ends as bounced at once when the refusal is final', async () => {
    const { seen, deps } = world({ 'a@example.jp': [never] });
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.retries).toEqual([]);
    expect(seen.outcomes[0]?.recipients[0]).toMatchObject({
      state: 'bounced',
      response: '550 5.1.1 no such user',
    });
  });

  it('C15 ends as expired when the next try would come too late', async () => {
    const now = AT + 6 * 3_600_000 - 5_000;
    const { seen, deps } = world({ 'a@example.jp': [later] }, () => now);
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.outcomes[0]?.recipients[0]).toMatchObject({ state: 'expired', attempts: 1 });
  });

  it('C15 says too-late of an event whose deadline has passed, and sends nothing', async () => {
    const { seen, deps } = world({}, () => AT + 6 * 3_600_000);
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.sent).toEqual([]);
    expect(seen.outcomes).toMatchObject([{ reason: 'too-late' }]);
  });

  it('drops a recipient whose address was removed while it waited', async () => {
    let now = AT + 20_000;
    const made = world({ 'a@example.jp': [later] }, () => now);
    await deliver(made.deps, fakeBatch([callRecord('1')]));
    made.numbers.set(LINE, numberSettings('b@example.jp'));
    now += 10_000;
    await deliver(made.deps, fakeBatch(retried(made)));
    expect(made.seen.sent.map(({ address }) => address)).toEqual(['b@example.jp']);
    expect(made.seen.outcomes[1]?.recipients[0]).toMatchObject({ state: 'withdrawn', attempts: 1 });
  });

  it('counts no attempt and settles nothing while the mail server is away, and goes on where it stopped', async () => {
    const { seen, deps, breaker } = world({ 'a@example.jp': [away, away], 'b@example.jp': [away, away] });
    const held = fakeBatch([callRecord('1'), callRecord('2')]);
    await deliver(deps, held);
    expect(held.offsets).toEqual([]);
    expect(seen.outcomes).toEqual([]);
    expect(seen.retries).toEqual([]);
    breaker.close();
    const batch = fakeBatch([callRecord('1'), callRecord('2')]);
    await deliver(deps, batch);
    expect(batch.offsets.sort()).toEqual(['1', '2']);
    expect(seen.outcomes[0]?.recipients[0]).toMatchObject({ state: 'accepted', attempts: 1 });
  });

  it('sends in-doubt mail once more with the same Message-ID, and then gives it to the operator', async () => {
    let now = AT + 20_000;
    const ids: string[] = [];
    const doubt = (): SendResult => ({ kind: 'in-doubt', error: new Error('closed after the final dot') });
    const made = world({ 'a@example.jp': [doubt, doubt] }, () => now);
    const { deps, seen } = made;
    const compose = deps.mailing.compose;
    const watched = withDeps(deps, {
      mailing: {
        compose: (...given) => {
          const mail = compose(...given);
          if (mail.to === 'a@example.jp') ids.push(mail.messageId);
          return mail;
        },
      },
    });
    await deliver(watched, fakeBatch([callRecord('1')]));
    for (let round = 0; round < 2; round++) {
      now += 100_000;
      await deliver(watched, fakeBatch(retried(made)));
    }
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(seen.deadLetters).toMatchObject([{ reason: 'in-doubt' }]);
    expect(seen.outcomes.at(-1)?.recipients[0]).toMatchObject({ state: 'in-doubt' });
  });

  it('has the other recipients reached while one hangs, and settles that one by its parked copy', async () => {
    let now = AT + 20_000;
    const hanging = Promise.withResolvers<SendResult>();
    const made = world({ 'a@example.jp': [() => hanging.promise] }, () => now);
    const batch = fakeBatch([callRecord('1')]);
    await deliver(made.deps, batch);
    expect(made.seen.sent.map(({ address }) => address)).toEqual(['b@example.jp']);
    expect(batch.offsets).toEqual(['1']);
    expect(made.seen.retries).toMatchObject([
      { topic: 'notify-retry-10s', headers: { 'retry-attempts': '0' } },
    ]);
    hanging.resolve({ kind: 'accepted', response: OK });
    await made.deps.flow.inFlight.drained();
    expect(made.seen.outcomes).toMatchObject([
      { sequence: 1, recipients: [{ state: 'accepted' }, { state: 'accepted' }] },
    ]);
    now += 10_000;
    const parked = fakeBatch(retried(made));
    await deliver(made.deps, parked);
    expect(parked.offsets).toEqual(['0']);
    expect(made.seen.sent).toHaveLength(2);
    expect(made.seen.outcomes).toHaveLength(1);
  });

  it('writes an answer down as soon as Redis takes it, also while the mail server is away', async () => {
    const { seen, deps, breaker } = world();
    let refusals = 2;
    const ledger: Ledger = {
      ...deps.stores.ledger,
      record: (...given) => {
        breaker.open();
        if (refusals-- > 0) return Promise.reject(redisAway());
        return deps.stores.ledger.record(...given);
      },
    };
    const batch = fakeBatch([callRecord('1')]);
    await deliver(withDeps(deps, { stores: { ledger } }), batch);
    expect(breaker.isOpen()).toBe(true);
    expect(seen.outcomes[0]?.recipients).toMatchObject([{ state: 'accepted' }, { state: 'accepted' }]);
    expect(batch.offsets).toEqual(['1']);
  });

  it('tells who has the mail although sending the other met a bug of ours', async () => {
    const bug = (): Promise<SendResult> => Promise.reject(new TypeError('boom'));
    const { seen, deps } = world({ 'a@example.jp': [bug] });
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.outcomes[0]?.recipients).toMatchObject([{ state: 'bounced' }, { state: 'accepted' }]);
    expect(seen.deadLetters).toMatchObject([{ reason: 'internal-error' }]);
  });

  it('keeps a mail that meets a bug of ours as a dead letter, and says in the outcome that it was not sent', async () => {
    const { seen, deps } = world();
    const broken = withDeps(deps, { mailing: { compose: boom } });
    const batch = fakeBatch([callRecord('1')]);
    await deliver(broken, batch);
    expect(seen.deadLetters).toMatchObject([
      { reason: 'internal-error', error: expect.stringContaining('TypeError') },
    ]);
    expect(seen.outcomes[0]?.recipients.map(({ state }) => state)).toEqual(['bounced', 'bounced']);
    expect(batch.offsets).toEqual(['1']);
  });

  describe('with a replayed record', () => {
    const replayed = (record: RawRecord, deadLetterId: string, offset = `re-${deadLetterId}`): RawRecord => ({
      ...record,
      offset,
      headers: { ...record.headers, replay: deadLetterId },
    });
    const brokenOnce = (deps: FakeWorld['deps']): FakeWorld['deps'] => {
      let left = 2;
      return withDeps(deps, {
        mailing: { compose: (...given) => (left-- > 0 ? boom() : deps.mailing.compose(...given)) },
      });
    };

    it('sends what met a bug once, however often it is replayed, and tells it', async () => {
      const { seen, deps } = world();
      const mended = brokenOnce(deps);
      await deliver(mended, fakeBatch([callRecord('1')]));
      expect(seen.sent).toEqual([]);
      const twice = fakeBatch([replayed(callRecord('1'), 'x', '8'), replayed(callRecord('1'), 'x', '9')]);
      await deliver(mended, twice);
      await deliver(mended, fakeBatch([replayed(callRecord('1'), 'y')]));
      expect(seen.sent.map(({ address }) => address).sort()).toEqual(['a@example.jp', 'b@example.jp']);
      expect(seen.outcomes.map(({ sequence }) => sequence)).toEqual([1, 2]);
      expect(seen.outcomes[1]?.recipients.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
      expect(twice.offsets.sort()).toEqual(['8', '9']);
      expect(seen.deadLetters).toHaveLength(1);
    });

    it('becomes a new dead letter when it fails again, and nothing goes on by itself', async () => {
      const { seen, deps } = world();
      const broken = withDeps(deps, { mailing: { compose: boom } });
      await deliver(broken, fakeBatch([callRecord('1')]));
      const again = fakeBatch([replayed(callRecord('1'), 'x')]);
      await deliver(broken, again);
      await deliver(broken, again);
      expect(seen.deadLetters.map(({ record }) => record.offset)).toEqual(['1', 're-x']);
      expect(seen.retries).toEqual([]);
    });

    it('sends nothing to whom the mail server took or refused it for good', async () => {
      const { seen, deps } = world({ 'b@example.jp': [never] });
      await deliver(deps, fakeBatch([callRecord('1')]));
      await deliver(deps, fakeBatch([replayed(callRecord('1'), 'x')]));
      expect(seen.sent).toHaveLength(1);
      expect(seen.outcomes).toHaveLength(1);
    });

    it('tries at once who waits for a retry, whose own record then has nothing left to do', async () => {
      let now = AT + 20_000;
      const made = world({ 'a@example.jp': [later] }, () => now);
      await deliver(made.deps, fakeBatch([callRecord('1')]));
      await deliver(made.deps, fakeBatch([replayed(callRecord('1'), 'x')]));
      expect(made.seen.sent.map(({ address }) => address).sort()).toEqual(['a@example.jp', 'b@example.jp']);
      now += 10_000;
      await deliver(made.deps, fakeBatch(retried(made)));
      expect(made.seen.sent).toHaveLength(2);
      expect(made.seen.outcomes.at(-1)).toMatchObject({ sequence: 2, recipients: [{ attempts: 2 }, {}] });
    });

    it('does not open anew what its own retry record finds in doubt', async () => {
      let now = AT + 20_000;
      const doubt = (): SendResult => ({ kind: 'in-doubt', error: new Error('closed after the final dot') });
      const script = { 'a@example.jp': [doubt, doubt], 'b@example.jp': [later, later, later] };
      const made = world(script, () => now);
      await deliver(made.deps, fakeBatch([replayed(callRecord('1'), 'x')]));
      for (let round = 0; round < 4; round++) {
        now += 3_600_000;
        await deliver(made.deps, fakeBatch(retried(made)));
      }
      expect(made.seen.sent.map(({ address }) => address)).toEqual(['b@example.jp']);
      expect(made.seen.deadLetters).toMatchObject([{ reason: 'in-doubt' }]);
      const states = made.seen.outcomes.at(-1)?.recipients.map(({ state }) => state);
      expect(states).toEqual(['in-doubt', 'accepted']);
    });

    it('tells no outcome while a recipient that was opened anew has no answer', async () => {
      const hanging = Promise.withResolvers<SendResult>();
      const { seen, deps } = world({ 'a@example.jp': [() => hanging.promise] });
      const mended = brokenOnce(deps);
      await deliver(mended, fakeBatch([callRecord('1')]));
      await deliver(mended, fakeBatch([replayed(callRecord('1'), 'x')]));
      expect(seen.sent.map(({ address }) => address)).toEqual(['b@example.jp']);
      expect(seen.outcomes).toHaveLength(1);
      hanging.resolve({ kind: 'accepted', response: OK });
      await deps.flow.inFlight.drained();
      expect(seen.outcomes[1]?.recipients.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    });
  });

  it('treats a retry record with broken headers as malformed', async () => {
    const { seen, deps } = world();
    const batch = fakeBatch([{ ...callRecord('1'), topic: 'notify-retry-10s' }]);
    await deliver(deps, batch);
    expect(seen.deadLetters).toMatchObject([
      { reason: 'malformed', error: expect.stringContaining('headers.retry-address') },
    ]);
    expect(batch.offsets).toEqual(['1']);
  });
});
