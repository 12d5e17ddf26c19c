import { claim, EMPTY_OUTBOX, finish, isAllTold, isDone, withNews, type Outbox } from './outbox.ts';

const NOW = 1_790_000_000_000;
const SETTINGS = { settings: true };

/** An outbox with a new state, told by somebody since `NOW`. */
function claimed(token: string, before: Outbox = EMPTY_OUTBOX): Outbox {
  return claim(withNews(before, SETTINGS, NOW), { token, now: NOW }).outbox!;
}

const toldAll = (outbox: Outbox, token: string, isInDoubt = false) => ({
  token,
  isInDoubt,
  sequences: new Set([
    ...(outbox.settings === undefined ? [] : [outbox.settings]),
    ...outbox.commands.map(({ sequence }) => sequence),
  ]),
});

describe('what waits to be told (V5)', () => {
  it('has a number above all before it, also when the clock goes back', () => {
    const first = withNews(EMPTY_OUTBOX, { settings: true, action: 'start' }, NOW);
    const second = withNews(first, { settings: true, action: 'stop' }, NOW - 5_000);
    expect(first).toMatchObject({ settings: NOW, commands: [{ sequence: NOW + 1, action: 'start' }] });
    expect(second).toMatchObject({ settings: NOW + 2, sequence: NOW + 3 });
    expect(second.commands.map(({ sequence }) => sequence)).toEqual([NOW + 1, NOW + 3]);
  });

  it('goes on by the clock after what was told is forgotten', () => {
    expect(withNews(EMPTY_OUTBOX, SETTINGS, NOW).settings).toBe(NOW);
  });

  it('keeps only the newest state, and each command', () => {
    const outbox = ['start', 'stop', 'start'].reduce(
      (before, action) => withNews(before, { settings: true, action: action as 'start' }, NOW),
      EMPTY_OUTBOX,
    );
    expect(outbox.commands.map(({ action }) => action)).toEqual(['start', 'stop', 'start']);
    expect(outbox.settings).toBe(NOW + 4);
  });
});

describe('telling (V5)', () => {
  it('is nothing to do where nothing waits', () => {
    expect(claim(EMPTY_OUTBOX, { token: 'a', now: NOW })).toEqual({ result: { kind: 'done' } });
  });

  it('is left to who is at it', () => {
    expect(claim(claimed('a'), { token: 'b', now: NOW + 14_999 })).toEqual({ result: { kind: 'wait' } });
  });

  it('ends with nothing left when Kafka has all', () => {
    const outbox = claimed('a');
    const after = finish(outbox, toldAll(outbox, 'a'), NOW);
    expect([isAllTold(after), isDone(after)]).toEqual([true, true]);
  });

  it('leaves what came meanwhile', () => {
    const outbox = claimed('a');
    const after = finish(withNews(outbox, SETTINGS, NOW), toldAll(outbox, 'a'), NOW);
    expect(after.settings).toBe(NOW + 1);
    expect(claim(after, { token: 'b', now: NOW }).result).toMatchObject({ kind: 'tell', settings: NOW + 1 });
  });

  it('is taken over from who was silent too long, and once more told a minute later', () => {
    const later = NOW + 15_000;
    const taken = claim(claimed('a'), { token: 'b', now: later });
    expect(taken.result).toMatchObject({ kind: 'tell', settings: NOW });
    const told = finish(taken.outbox!, toldAll(taken.outbox!, 'b'), later);
    expect([isAllTold(told), isDone(told)]).toEqual([true, false]);
    expect(claim(told, { token: 'c', now: later + 59_999 }).result).toEqual({ kind: 'wait' });
    const again = claim(told, { token: 'c', now: later + 60_000 });
    expect(again.result).toEqual({ kind: 'tell', settings: later + 60_000, commands: [] });
    expect(isDone(finish(again.outbox!, toldAll(again.outbox!, 'c'), later + 60_000))).toBe(true);
  });

  it('tells the newest state again when somebody else has told meanwhile: ours may have come last', () => {
    const frozen = claimed('a');
    const taken = claim(withNews(frozen, SETTINGS, NOW), { token: 'b', now: NOW + 15_000 }).outbox!;
    const told = finish(taken, toldAll(taken, 'b'), NOW + 15_000);
    const woken = finish(told, toldAll(frozen, 'a'), NOW + 20_000);
    expect(woken.settings).toBe(NOW + 20_000);
  });

  it('tells it again also while the other is still at it', () => {
    const frozen = claimed('a');
    const taken = claim(withNews(frozen, SETTINGS, NOW), { token: 'b', now: NOW + 15_000 }).outbox!;
    const woken = finish(taken, toldAll(frozen, 'a'), NOW + 20_000);
    const after = finish(woken, toldAll(taken, 'b'), NOW + 20_000);
    expect(after.settings).toBe(NOW + 20_000);
  });

  it('changes nothing for who has told nothing and lost the claim', () => {
    const taken = claim(claimed('a'), { token: 'b', now: NOW + 15_000 }).outbox!;
    expect(finish(taken, { token: 'a', sequences: new Set(), isInDoubt: true }, NOW)).toEqual(taken);
  });

  it('can be taken over at once from who is in doubt, and is told once more', () => {
    const inDoubt = finish(claimed('a'), { token: 'a', sequences: new Set(), isInDoubt: true }, NOW);
    const taken = claim(inDoubt, { token: 'b', now: NOW });
    expect(taken.result).toMatchObject({ kind: 'tell', settings: NOW });
    expect(taken.outbox?.again).toBe(NOW + 60_000);
  });

  it('forgets each command that Kafka has, whoever told it', () => {
    const started = withNews(EMPTY_OUTBOX, { settings: false, action: 'start' }, NOW);
    const both = withNews(started, { settings: false, action: 'stop' }, NOW);
    const held = claim(both, { token: 'a', now: NOW }).outbox!;
    const first = { token: 'a', sequences: new Set([NOW]), isInDoubt: true };
    expect(finish(held, first, NOW).commands.map(({ action }) => action)).toEqual(['stop']);
  });
});
