import type { SendResult } from '#mail';
import type { Ledger } from './ports.ts';
import { deliver } from './deliver.ts';
import { boom, later, never, redisUnavailable, smtpUnavailable } from './testing/failures.ts';
import { callWorld, fakeBatch, retried, withDeps } from './testing/fakes.ts';
import { AT, callRecord, LINE, numberSettings } from './testing/records.ts';

const OK = '250 2.0.0 Ok';

describe('deliver', () => {
  it('C1 sends a mail to each recipient, tells the outcome once, and acknowledges the record', async () => {
    const { seen, deps } = callWorld();
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

  it('C5 tells why an event becomes no mail, and acknowledges it', async () => {
    const { seen, deps } = callWorld();
    const batch = fakeBatch([callRecord('1', '1', { outcome: 'answered' })]);
    await deliver(deps, batch);
    expect(seen.sent).toEqual([]);
    expect(seen.outcomes).toMatchObject([{ reason: 'answered', sequence: 1, recipients: [] }]);
    expect(batch.offsets).toEqual(['1']);
  });

  it('keeps a malformed record as it came and acknowledges those behind it', async () => {
    const { seen, deps } = callWorld();
    const poison = { ...callRecord('1'), value: Buffer.from('{') };
    const batch = fakeBatch([poison, callRecord('2')]);
    await deliver(deps, batch);
    expect(seen.deadLetters).toMatchObject([{ reason: 'malformed', record: poison }]);
    expect(seen.sent).toHaveLength(2);
    expect(batch.offsets.sort()).toEqual(['1', '2']);
  });

  it('sends nothing again when the same event comes twice, in one batch or later', async () => {
    const { seen, deps } = callWorld();
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
    const made = callWorld({ 'a@example.jp': [later] }, () => now);
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
    const made = callWorld({ 'a@example.jp': [later] }, () => now);
    await deliver(made.deps, fakeBatch([callRecord('1')]));
    const records = retried(made);
    now += 10_000;
    await deliver(made.deps, fakeBatch(records));
    await deliver(made.deps, fakeBatch(records));
    expect(made.seen.sent).toHaveLength(2);
    expect(made.seen.outcomes).toHaveLength(2);
  });

  it('ends as bounced at once when the refusal is final', async () => {
    const { seen, deps } = callWorld({ 'a@example.jp': [never] });
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.retries).toEqual([]);
    expect(seen.outcomes[0]?.recipients[0]).toMatchObject({
      state: 'bounced',
      response: '550 5.1.1 no such user',
    });
  });

  it('C15 ends as expired when the next try would come too late', async () => {
    const now = AT + 6 * 3_600_000 - 5_000;
    const { seen, deps } = callWorld({ 'a@example.jp': [later] }, () => now);
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.outcomes[0]?.recipients[0]).toMatchObject({ state: 'expired', attempts: 1 });
  });

  it('C15 says too-late of an event whose deadline has passed, and sends nothing', async () => {
    const { seen, deps } = callWorld({}, () => AT + 6 * 3_600_000);
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.sent).toEqual([]);
    expect(seen.outcomes).toMatchObject([{ reason: 'too-late' }]);
  });

  it('drops a recipient whose address was removed while it waited', async () => {
    let now = AT + 20_000;
    const made = callWorld({ 'a@example.jp': [later] }, () => now);
    await deliver(made.deps, fakeBatch([callRecord('1')]));
    made.numbers.set(LINE, numberSettings('b@example.jp'));
    now += 10_000;
    await deliver(made.deps, fakeBatch(retried(made)));
    expect(made.seen.sent.map(({ address }) => address)).toEqual(['b@example.jp']);
    expect(made.seen.outcomes[1]?.recipients[0]).toMatchObject({ state: 'withdrawn', attempts: 1 });
  });

  it('counts no attempt and acknowledges nothing while the mail server is away, and goes on where it stopped', async () => {
    const { seen, deps, breaker } = callWorld({
      'a@example.jp': [smtpUnavailable, smtpUnavailable],
      'b@example.jp': [smtpUnavailable, smtpUnavailable],
    });
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
    const made = callWorld({ 'a@example.jp': [doubt, doubt] }, () => now);
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

  it('has the other recipients reached while one hangs, and acknowledges that one by its parked copy', async () => {
    let now = AT + 20_000;
    const hanging = Promise.withResolvers<SendResult>();
    const made = callWorld({ 'a@example.jp': [() => hanging.promise] }, () => now);
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
    const { seen, deps, breaker } = callWorld();
    let refusals = 2;
    const ledger: Ledger = {
      ...deps.stores.ledger,
      record: (...given) => {
        breaker.open();
        if (refusals-- > 0) return Promise.reject(redisUnavailable());
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
    const bug = async (): Promise<SendResult> => boom();
    const { seen, deps } = callWorld({ 'a@example.jp': [bug] });
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.outcomes[0]?.recipients).toMatchObject([{ state: 'bounced' }, { state: 'accepted' }]);
    expect(seen.deadLetters).toMatchObject([{ reason: 'internal-error' }]);
  });

  it('keeps a mail that meets a bug of ours as a dead letter, and says in the outcome that it was not sent', async () => {
    const { seen, deps } = callWorld();
    const broken = withDeps(deps, { mailing: { compose: boom } });
    const batch = fakeBatch([callRecord('1')]);
    await deliver(broken, batch);
    expect(seen.deadLetters).toMatchObject([
      { reason: 'internal-error', error: expect.stringContaining('TypeError') },
    ]);
    expect(seen.outcomes[0]?.recipients.map(({ state }) => state)).toEqual(['bounced', 'bounced']);
    expect(batch.offsets).toEqual(['1']);
  });

  it('treats a retry record with broken headers as malformed', async () => {
    const { seen, deps } = callWorld();
    const batch = fakeBatch([{ ...callRecord('1'), topic: 'notify-retry-10s' }]);
    await deliver(deps, batch);
    expect(seen.deadLetters).toMatchObject([
      { reason: 'malformed', error: expect.stringContaining('headers.retry-address') },
    ]);
    expect(batch.offsets).toEqual(['1']);
  });
});
