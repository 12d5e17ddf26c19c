import fc from 'fast-check';
import { breakerAfter, closedBreaker, type BreakerInput, type BreakerState } from './breaker-state.ts';

const LIMIT = 20;
const after = (inputs: readonly BreakerInput[], now = 0): BreakerState =>
  inputs.reduce((state, input) => breakerAfter(state, input, now, LIMIT), closedBreaker(LIMIT));
const cutOff = (recipient: string): BreakerInput => ({ kind: 'cut-off', recipient });

describe('breakerAfter', () => {
  it('opens at once when the server is away, and probes half a second later', () => {
    expect(after([{ kind: 'unavailable' }], 1000)).toMatchObject({ open: true, probeAt: 1500 });
  });

  it('opens on a cut-off only when two different recipients met it', () => {
    expect(after([cutOff('a'), cutOff('a'), cutOff('a')]).open).toBe(false);
    expect(after([cutOff('a'), cutOff('b')]).open).toBe(true);
    expect(after([cutOff('a'), { kind: 'answered' }, cutOff('b')]).open).toBe(false);
  });

  it('opens when the relay refuses us for three recipients in a row, and then at each refusal until a mail goes through', () => {
    const refused = (recipient: string): BreakerInput => ({ kind: 'refused-us', recipient });
    const three = ['a', 'b', 'c'].map(refused);
    expect(after([...three.slice(0, 2), refused('a')]).open).toBe(false);
    expect(after([...three.slice(0, 2), { kind: 'answered' }, refused('c')]).open).toBe(false);
    expect(after(three, 1000)).toMatchObject({ open: true, isRefused: true, probeAt: 1500 });
    const tried = after([...three, { kind: 'probe-succeeded' }]);
    expect(tried).toMatchObject({ open: false, connections: 1 });
    expect(breakerAfter(tried, refused('a'), 1000, LIMIT)).toMatchObject({ open: true, probeAt: 2000 });
    const mended = after([...three, { kind: 'probe-succeeded' }, { kind: 'answered' }, refused('a')]);
    expect(mended.open).toBe(false);
  });

  it('halves the connections for each cut-off', () => {
    expect(after([cutOff('a')]).connections).toBe(10);
    expect(after([cutOff('a'), cutOff('a')]).connections).toBe(5);
  });

  it('lets pauses between probes grow to two seconds', () => {
    let state = after([{ kind: 'unavailable' }]);
    const pauses = [1, 2, 3, 4, 5].map(() => {
      state = breakerAfter(state, { kind: 'probe-failed' }, 0, LIMIT);
      return state.probeAt;
    });
    expect(pauses).toEqual([1000, 2000, 2000, 2000, 2000]);
  });

  it('begins again with one connection, and one more for each answer up to the limit', () => {
    const back = [{ kind: 'unavailable' }, { kind: 'probe-succeeded' }] as const;
    expect(after(back)).toMatchObject({ open: false, connections: 1 });
    const answered = Array.from({ length: 100 }, (): BreakerInput => ({ kind: 'answered' }));
    expect(after([...back, ...answered.slice(0, 3)]).connections).toBe(4);
    expect(after([...back, ...answered]).connections).toBe(LIMIT);
  });

  it('goes on with its pauses when the server only greets, and begins anew once a mail was answered', () => {
    const flap: readonly BreakerInput[] = [{ kind: 'unavailable' }, { kind: 'probe-succeeded' }];
    const pauseAfter = (...inputs: readonly BreakerInput[]): number =>
      after([...inputs, { kind: 'unavailable' }]).probeAt;
    expect(pauseAfter(...flap)).toBe(1000);
    expect(pauseAfter(...flap, ...flap)).toBe(2000);
    expect(pauseAfter(...flap, ...flap, ...flap, ...flap, ...flap)).toBe(2000);
    expect(pauseAfter(...flap, ...flap, { kind: 'answered' })).toBe(500);
    const later = breakerAfter(after(flap), { kind: 'unavailable' }, 20_000, LIMIT);
    expect(later.probeAt).toBe(20_500);
  });

  it('asks for mail within 2 s of the return of a server, and is at full speed soon after, however long it was away', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600_000 }),
        fc.integer({ min: 1, max: 200 }),
        (backAt, mailMs) => {
          let now = 0;
          let state = after([{ kind: 'unavailable' }]);
          while (state.open) {
            now = state.probeAt;
            state = breakerAfter(
              state,
              { kind: now >= backAt ? 'probe-succeeded' : 'probe-failed' },
              now,
              LIMIT,
            );
          }
          while (state.connections < LIMIT) {
            now += mailMs;
            for (let answers = state.connections; answers > 0; answers -= 1)
              state = breakerAfter(state, { kind: 'answered' }, now, LIMIT);
          }
          expect(now - backAt).toBeLessThanOrEqual(2_000 + 5 * mailMs);
        },
      ),
    );
  });

  it('stays open until a probe succeeds, and always allows between one connection and the limit', () => {
    const input = fc.oneof(
      fc.constantFrom<BreakerInput>(
        { kind: 'unavailable' },
        { kind: 'answered' },
        { kind: 'probe-failed' },
        { kind: 'probe-succeeded' },
      ),
      fc.constantFrom('a', 'b', 'c').map(cutOff),
      fc.constantFrom('a', 'b', 'c').map((recipient): BreakerInput => ({ kind: 'refused-us', recipient })),
    );
    fc.assert(
      fc.property(fc.array(input), (inputs) => {
        let state = closedBreaker(LIMIT);
        for (const one of inputs) {
          const next = breakerAfter(state, one, 0, LIMIT);
          expect(state.open && !next.open && one.kind !== 'probe-succeeded').toBe(false);
          expect(next.connections).toBeGreaterThanOrEqual(1);
          expect(next.connections).toBeLessThanOrEqual(LIMIT);
          state = next;
        }
      }),
    );
  });
});
