import { afterLook, afterStep, daysToKeep, WITH_ROOM, type GivingWay } from './give-way.ts';

const LIMITS = { stored: 0.7, counted: 0.9 };
const PATIENCE = { firstMs: 5_000, moreMs: 300_000 };
const share = (stored: number, counted = stored) => ({ stored, counted, evicts: false });
const look = (before: GivingWay, stored: number, counted = stored, now = 0): GivingWay =>
  afterLook(before, [share(stored, counted)], LIMITS, now);

/** The days kept by each step of `seconds` looks, a second apart, at memory that stays short. */
function stepsOf(seconds: number, hasRemoved: boolean): number[] {
  let way = WITH_ROOM;
  const steps: number[] = [];
  for (let second = 0; second <= seconds; second += 1) {
    way = look(way, 0.8, 0.8, second * 1_000);
    const days = daysToKeep(way, second * 1_000, PATIENCE);
    if (days === undefined) continue;
    steps.push(days);
    way = afterStep(way, hasRemoved);
  }
  return steps;
}

describe('a history that gives way', () => {
  it('loses nothing when memory is short for a moment', () => {
    expect(stepsOf(4, true)).toEqual([]);
    expect(stepsOf(5, true)).toEqual([15]);
  });

  it('stops above 70 % of what is stored, and does not go on with every mail that is forgotten', () => {
    expect(look(WITH_ROOM, 0.7).isShort).toBe(false);
    const short = look(WITH_ROOM, 0.71);
    expect(short.isShort).toBe(true);
    expect(look(short, 0.67).isShort).toBe(true);
    expect(look(short, 0.66)).toEqual(WITH_ROOM);
  });

  it('takes no notice of what clients have not read, until the ledger is about to be refused', () => {
    expect(look(WITH_ROOM, 0.5, 0.9).isShort).toBe(false);
    expect(look(WITH_ROOM, 0.5, 0.91).isShort).toBe(true);
  });

  it('looks at the fullest server, and at none that evicts by itself', () => {
    expect(afterLook(WITH_ROOM, [share(0.1), share(0.8)], LIMITS, 0).isShort).toBe(true);
    expect(afterLook(WITH_ROOM, [{ ...share(1), evicts: true }], LIMITS, 0).isShort).toBe(false);
  });

  it('removes step by step while that frees something, and everything only when memory stays short for minutes', () => {
    expect(stepsOf(299, true)).toEqual([15, 7, 3, 1, 0.25]);
    expect(stepsOf(301, true)).toEqual([15, 7, 3, 1, 0.25, 0]);
  });

  it('waits for minutes when there is nothing old to remove', () => {
    expect(stepsOf(299, false)).toEqual([15]);
    expect(stepsOf(310, false)).toEqual([15, 7, 3, 1, 0.25, 0]);
  });

  it('begins anew when memory was there in between', () => {
    const way = afterStep(look(WITH_ROOM, 0.8), true);
    expect(daysToKeep(look(look(way, 0.1), 0.8, 0.8, 1_000), 6_000, PATIENCE)).toBe(15);
  });
});
