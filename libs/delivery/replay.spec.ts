import type { RawRecord } from '#events';
import type { SendResult } from '#mail';
import { deliver } from './deliver.ts';
import { boom, later, never } from './testing/failures.ts';
import { callWorld, fakeBatch, retried, withDeps, type FakeWorld } from './testing/fakes.ts';
import { AT, callRecord } from './testing/records.ts';

const OK = '250 2.0.0 Ok';

describe('a replayed record', () => {
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
    const { seen, deps } = callWorld();
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
    const { seen, deps } = callWorld();
    const broken = withDeps(deps, { mailing: { compose: boom } });
    await deliver(broken, fakeBatch([callRecord('1')]));
    const again = fakeBatch([replayed(callRecord('1'), 'x')]);
    await deliver(broken, again);
    await deliver(broken, again);
    expect(seen.deadLetters.map(({ record }) => record.offset)).toEqual(['1', 're-x']);
    expect(seen.retries).toEqual([]);
  });

  it('sends nothing to whom the mail server took or refused it for good', async () => {
    const { seen, deps } = callWorld({ 'b@example.jp': [never] });
    await deliver(deps, fakeBatch([callRecord('1')]));
    await deliver(deps, fakeBatch([replayed(callRecord('1'), 'x')]));
    expect(seen.sent).toHaveLength(1);
    expect(seen.outcomes).toHaveLength(1);
  });

  it('tries at once who waits for a retry, whose own record then has nothing left to do', async () => {
    let now = AT + 20_000;
    const made = callWorld({ 'a@example.jp': [later] }, () => now);
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
    const made = callWorld(script, () => now);
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
    const { seen, deps } = callWorld({ 'a@example.jp': [() => hanging.promise] });
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

describe('a header replay without value', () => {
  it.each([[null], [''], [undefined]])('%j is that of a record that is not replayed', async (replay) => {
    const { seen, deps } = callWorld({}, undefined, 'a@example.jp');
    const record = { ...callRecord('1'), headers: { ...callRecord('1').headers, replay } };
    const batch = fakeBatch([record]);
    await deliver(deps, batch);
    expect(seen.deadLetters).toEqual([]);
    expect(batch.offsets).toEqual(['1']);
    expect(seen.sent).toHaveLength(1);
  });
});
