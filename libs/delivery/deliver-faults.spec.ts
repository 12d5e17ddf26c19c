import type { RawRecord } from '#events';
import type { MailContent, SendResult } from '#mail';
import { deliver } from './deliver.ts';
import { boom, later, redisUnavailable, smtpUnavailable } from './testing/failures.ts';
import { fakeBatch, fakeWorld, withDeps, type FakeWorld } from './testing/fakes.ts';
import { AT, faultRecord, LINE, lineSettings } from './testing/records.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';

const MINUTE = 60_000;

interface FaultWorld extends FakeWorld {
  readonly mailed: { address: string; content: MailContent }[];
}

function world(script: Record<string, (() => SendResult)[]> = {}): FaultWorld {
  const now = (): number => AT + 20 * MINUTE;
  const made = fakeWorld(createInMemoryLedger({ now }), script, now);
  made.lines.set(LINE, lineSettings('a@example.jp', 'b@example.jp'));
  const mailed: FaultWorld['mailed'] = [];
  const compose = made.deps.mailing.compose;
  const deps = withDeps(made.deps, {
    mailing: {
      compose: (...given) => {
        mailed.push({ address: given[2], content: given[0] });
        return compose(...given);
      },
    },
  });
  return { ...made, deps, mailed };
}

const tellsBoth = ({ content }: FaultWorld['mailed'][number]): boolean => 'tellsFaultAt' in content;

/** The retry records as they come back by their topic. */
const copiesIn = (seen: FaultWorld['seen']): RawRecord[] =>
  seen.retries.map(({ record, topic, headers }) => ({
    ...record,
    topic,
    timestamp: AT,
    headers: { ...record.headers, ...headers },
  }));

describe('deliver, for faults and recoveries', () => {
  it('R2 R3 mails a fault and its recovery, and commands the switch once each', async () => {
    const { deps, seen, mailed } = world();
    await deliver(deps, fakeBatch([faultRecord('fault.v1', '1', 0), faultRecord('recovery.v1', '2', 5)]));
    expect(seen.sent).toHaveLength(4);
    expect(mailed.some(tellsBoth)).toBe(false);
    expect(seen.commands).toMatchObject([
      { action: 'start', because: 'flt-77', lineNumber: LINE },
      { action: 'stop', because: 'flt-77', lineNumber: LINE },
    ]);
  });

  it('R4 says already-notified of a repeat, and mails and commands nothing', async () => {
    const { deps, seen } = world();
    await deliver(deps, fakeBatch([faultRecord('fault.v1', '1', 0), faultRecord('fault.v1', '2', 1)]));
    expect(seen.sent).toHaveLength(2);
    expect(seen.commands).toHaveLength(1);
    expect(seen.outcomes.map(({ reason }) => reason).sort()).toEqual(['already-notified', 'notify']);
  });

  it.each([
    ['sends a fault that met a bug by its replay while it lasts', false, ['fault', 'fault']],
    ['R4 sends no fault by its replay whose recovery was told', true, ['recovery', 'recovery']],
  ])('%s', async (_, isRecovered, kinds) => {
    const { deps, seen, mailed } = world();
    const broken = withDeps(deps, { mailing: { compose: boom } });
    const fault = faultRecord('fault.v1', '1', 0);
    await deliver(broken, fakeBatch([fault]));
    expect(seen.deadLetters).toMatchObject([{ reason: 'internal-error' }]);
    if (isRecovered) await deliver(deps, fakeBatch([faultRecord('recovery.v1', '2', 5)]));
    const replayed = { ...fault, offset: '3', headers: { ...fault.headers, replay: 'x' } };
    await deliver(deps, fakeBatch([replayed, { ...replayed, offset: '4' }]));
    expect(mailed.map(({ content }) => content.event.kind)).toEqual(kinds);
    expect(seen.sent).toHaveLength(2);
  });

  it('R4 tells both to who waits for the fault’s mail, and never sends that mail any more', async () => {
    const { deps, seen, mailed } = world({ 'a@example.jp': [later] });
    await deliver(deps, fakeBatch([faultRecord('fault.v1', '1', 0)]));
    const [waiting] = seen.retries;
    await deliver(deps, fakeBatch([faultRecord('recovery.v1', '2', 5)]));
    const recovery = mailed.filter(({ content }) => content.event.kind === 'recovery');
    expect(
      recovery
        .map((mail) => [mail.address, tellsBoth(mail)])
        .sort(([a], [b]) => String(a).localeCompare(String(b))),
    ).toEqual([
      ['a@example.jp', true],
      ['b@example.jp', false],
    ]);
    const told = seen.outcomes.filter(({ eventId }) => eventId === '1').at(-1);
    expect(told).toMatchObject({
      sequence: 2,
      reason: 'notify',
      recipients: [{ state: 'superseded' }, { state: 'accepted' }],
    });
    const parked = {
      ...waiting!.record,
      topic: waiting!.topic,
      headers: { ...waiting!.record.headers, ...waiting!.headers },
    };
    const batch = fakeBatch([{ ...parked, timestamp: AT }]);
    await deliver(deps, batch);
    expect(batch.offsets).toEqual(['1']);
    expect(seen.sent.filter(({ address }) => address === 'a@example.jp')).toHaveLength(1);
  });

  it.each<[string, () => SendResult, string]>([
    ['refused for now', later, '451 4.3.0 try later'],
    ['cut off behind its dot', (): SendResult => ({ kind: 'in-doubt', error: new Error('closed') }), ''],
  ])(
    'R4 sends no fault that was under way when its recovery was told, and %s then',
    async (_, end, response) => {
      const answer = Promise.withResolvers<SendResult>();
      const { deps, seen, mailed, lines } = world();
      lines.set(LINE, lineSettings('a@example.jp'));
      const { send } = deps.mailing.sender;
      const begun = Promise.withResolvers<void>();
      deps.mailing.sender.send = async (mail, beforeData) => {
        if (mail.messageId.startsWith('<2.')) return send(mail, beforeData);
        await beforeData();
        begun.resolve();
        return answer.promise;
      };
      const fault = fakeBatch([faultRecord('fault.v1', '1', 0)]);
      const delivering = deliver(deps, fault);
      await begun.promise;
      await deliver(deps, fakeBatch([faultRecord('recovery.v1', '2', 5)]));
      answer.resolve(end());
      await delivering;
      const copies = copiesIn(seen);
      if (copies.length > 0) await deliver(deps, fakeBatch(copies));
      expect(seen.sent).toMatchObject([{ messageId: '<2.a@example.jp>' }]);
      expect(mailed.filter(tellsBoth)).toHaveLength(1);
      const told = seen.outcomes.filter(({ eventId }) => eventId === '1');
      expect(told).toMatchObject([
        { reason: 'recovered-before-notice', recipients: [{ state: 'superseded', response }] },
      ]);
    },
  );

  it('R4 lets no fault’s message go whose recovery was told while the server took long for its envelope', async () => {
    const { deps, seen, lines } = world();
    lines.set(LINE, lineSettings('a@example.jp'));
    const { send } = deps.mailing.sender;
    const [asked, goAhead] = [Promise.withResolvers<unknown>(), Promise.withResolvers<void>()];
    deps.mailing.sender.send = async (mail, beforeData) => {
      if (mail.messageId.startsWith('<1.')) {
        asked.resolve(await beforeData());
        await goAhead.promise;
      }
      return send(mail, beforeData);
    };
    const fault = fakeBatch([faultRecord('fault.v1', '1', 0)]);
    const delivering = deliver(deps, fault);
    expect(await asked.promise).toBe('ask-again');
    await deliver(deps, fakeBatch([faultRecord('recovery.v1', '2', 5)]));
    goAhead.resolve();
    await delivering;
    expect(fault.offsets).toEqual(['1']);
    for (const copy of copiesIn(seen)) await deliver(deps, fakeBatch([copy]));
    expect(seen.sent).toMatchObject([{ messageId: '<2.a@example.jp>' }]);
    expect(seen.outcomes.filter(({ eventId }) => eventId === '1')).toMatchObject([
      { sequence: 1, reason: 'recovered-before-notice', recipients: [{ state: 'superseded', attempts: 0 }] },
    ]);
    expect((await deps.stores.ledger.find('switch-1', '1'))?.rows).toMatchObject([{ settled: true }]);
  });

  it('R4 sends no fault by its replay whose recovery was told before the ledger knew the fault', async () => {
    const { deps, seen } = world();
    const claim = async (): Promise<never> => boom();
    const fault = faultRecord('fault.v1', '1', 0);
    await deliver(
      withDeps(deps, { stores: { ledger: { ...deps.stores.ledger, claim } } }),
      fakeBatch([fault]),
    );
    expect(seen.deadLetters).toMatchObject([{ reason: 'internal-error' }]);
    await deliver(deps, fakeBatch([faultRecord('recovery.v1', '2', 5)]));
    await deliver(deps, fakeBatch([{ ...fault, offset: '3', headers: { ...fault.headers, replay: 'x' } }]));
    expect(seen.sent.map(({ messageId }) => messageId).sort()).toEqual([
      '<2.a@example.jp>',
      '<2.b@example.jp>',
    ]);
    expect(seen.outcomes.filter(({ eventId }) => eventId === '1')).toMatchObject([
      {
        sequence: 1,
        reason: 'recovered-before-notice',
        recipients: [{ state: 'superseded' }, { state: 'superseded' }],
      },
    ]);
  });

  it('R4 says recovered-before-notice of a fault that nobody was told of', async () => {
    const { deps, seen } = world({ 'a@example.jp': [later], 'b@example.jp': [later] });
    await deliver(deps, fakeBatch([faultRecord('fault.v1', '1', 0)]));
    await deliver(deps, fakeBatch([faultRecord('recovery.v1', '2', 5)]));
    const told = seen.outcomes.filter(({ eventId }) => eventId === '1').at(-1);
    expect(told).toMatchObject({ reason: 'recovered-before-notice' });
  });

  it('R4 leaves a recovery where it is while its fault is held, so that neither is told out of order', async () => {
    const { deps, breaker, seen } = world({
      'a@example.jp': [smtpUnavailable],
      'b@example.jp': [smtpUnavailable],
    });
    const records = [faultRecord('fault.v1', '1', 0), faultRecord('recovery.v1', '2', 5)];
    const held = fakeBatch(records);
    await deliver(deps, held);
    expect(held.offsets).toEqual([]);
    breaker.close();
    const batch = fakeBatch(records);
    await deliver(deps, batch);
    expect(batch.offsets).toEqual(['1', '2']);
    expect(seen.sent).toHaveLength(4);
  });

  it('R3 commands the switch also when every box is off', async () => {
    const made = world();
    made.lines.set(LINE, lineSettings());
    await deliver(made.deps, fakeBatch([faultRecord('fault.v1', '1', 0)]));
    expect(made.seen.commands).toHaveLength(1);
    expect(made.seen.outcomes).toMatchObject([{ reason: 'no-recipient' }]);
  });

  it('says unknown-number of a line nobody made known', async () => {
    const made = world();
    made.lines.clear();
    await deliver(made.deps, fakeBatch([faultRecord('fault.v1', '1', 0)]));
    expect(made.seen.outcomes).toMatchObject([{ reason: 'unknown-number' }]);
    expect(made.seen.commands).toEqual([]);
  });
});

describe('a line whose faults cannot be asked', () => {
  const twoLines = (error: Error) => {
    const made = world();
    const other = '0399999999';
    made.lines.set(other, { ...lineSettings('c@example.jp'), lineNumber: other, numbers: [other] });
    const faults: FaultWorld['deps']['stores']['faults'] = {
      report: (report) =>
        report.lineNumber === LINE ? Promise.reject(error) : made.deps.stores.faults.report(report),
    };
    const ofOther = faultRecord('fault.v1', 'other', 0);
    const value = Buffer.from(String(ofOther.value).replace(LINE, other));
    const batch = fakeBatch([faultRecord('fault.v1', 'broken', 0), { ...ofOther, value }]);
    return { made, batch, run: () => deliver(withDeps(made.deps, { stores: { faults } }), batch) };
  };

  it('R4 goes to the dead letters for a bug of ours, and holds nobody', async () => {
    const { made, batch, run } = twoLines(new SyntaxError('not JSON'));
    await run();
    expect(made.seen.deadLetters.map(({ record: { offset }, reason }) => [offset, reason])).toEqual([
      ['broken', 'internal-error'],
    ]);
    expect([...batch.offsets].sort()).toEqual(['broken', 'other']);
  });

  it('R4 opens the breaker and leaves the record when Redis is unavailable', async () => {
    const { made, batch, run } = twoLines(redisUnavailable());
    await run();
    expect(made.breaker.isOpen()).toBe(true);
    expect(made.seen.deadLetters).toEqual([]);
    expect(batch.offsets).not.toContain('broken');
  });
});
