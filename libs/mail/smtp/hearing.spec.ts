import { Hearing } from './hearing.ts';

const LEAST = 5_000;

describe('a server that says nothing', () => {
  it('is silent after 5 s, and is told to be only once', () => {
    const hearing = new Hearing(LEAST);
    expect(hearing.tellsSilence(1_000, 5_999)).toBe(false);
    expect(hearing.tellsSilence(1_000, 6_000)).toBe(true);
    expect(hearing.tellsSilence(1_000, 60_000)).toBe(false);
  });

  it('is not silent as long as anything is heard on another connection', () => {
    const hearing = new Hearing(LEAST);
    for (let now = 0; now < 60_000; now += 4_000) {
      hearing.heard(now, false, now);
      expect(hearing.tellsSilence(0, now + 3_999)).toBe(false);
    }
  });

  it('may be twice as silent as it lately was', () => {
    const hearing = new Hearing(LEAST);
    hearing.heard(0, false, 12_000);
    expect(hearing.tellsSilence(12_000, 35_999)).toBe(false);
    expect(hearing.tellsSilence(12_000, 36_000)).toBe(true);
  });

  it('is forgiven nothing for one slow answer among others', () => {
    const hearing = new Hearing(LEAST);
    hearing.heard(100, false, 290_000 - 10);
    const other = new Hearing(LEAST);
    for (let now = 0; now < 290_000; now += 1_000) other.heard(now, false, now + 5);
    other.heard(0, false, 290_000);
    expect(other.tellsSilence(290_000, 295_000)).toBe(true);
    expect(hearing.tellsSilence(290_000, 295_000)).toBe(false);
  });

  it('is soon called silent again ten minutes after it was slow', () => {
    const hearing = new Hearing(LEAST);
    hearing.heard(0, false, 30_000);
    hearing.heard(700_000, false, 700_001);
    expect(hearing.tellsSilence(700_001, 705_001)).toBe(true);
  });

  it('has twice as long after each false alarm, until it answers a message', () => {
    const hearing = new Hearing(LEAST);
    const answersProbe = (now: number): void => hearing.heard(now, false, now);
    expect(hearing.tellsSilence(0, 5_000)).toBe(true);
    answersProbe(5_000);
    expect(hearing.tellsSilence(5_000, 14_999)).toBe(false);
    expect(hearing.tellsSilence(5_000, 15_000)).toBe(true);
    answersProbe(15_000);
    expect(hearing.tellsSilence(15_000, 34_999)).toBe(false);
    hearing.heard(15_000, true, 35_000);
    expect(hearing.tellsSilence(35_000, 40_000)).toBe(true);
  });
});

describe('a connection that waits', () => {
  it('is long for 5 s, and for 1 s between an alarm and the next answered message', () => {
    const hearing = new Hearing(LEAST);
    expect([4_999, 5_000].map((now) => hearing.isLong(0, now))).toEqual([false, true]);
    expect(hearing.tellsSilence(0, 5_000)).toBe(true);
    expect([5_999, 6_000].map((now) => hearing.isLong(5_000, now))).toEqual([false, true]);
    hearing.heard(5_000, true, 7_000);
    expect(hearing.isLong(5_000, 7_000)).toBe(false);
  });

  it('is never given up for its length alone', () => {
    expect(new Hearing(LEAST).isOvertaken(0, 0, 299_000)).toBe(false);
  });

  it('is given up once the server answered what it was asked later', () => {
    const hearing = new Hearing(LEAST);
    hearing.heard(4_000, false, 4_010);
    expect(hearing.isOvertaken(0, 0, 4_999)).toBe(false);
    expect(hearing.isOvertaken(0, 0, 5_000)).toBe(true);
    expect(hearing.isOvertaken(4_001, 0, 60_000)).toBe(false);
  });

  it('is not given up for an answer to what was asked before it', () => {
    const hearing = new Hearing(LEAST);
    hearing.heard(0, true, 75_000);
    expect(hearing.isOvertaken(60_000, 0, 75_000)).toBe(false);
  });

  it('waits twice as long each time its mail was moved, and twice as long as answers lately took', () => {
    const hearing = new Hearing(LEAST);
    hearing.heard(1_000, false, 1_001);
    expect([0, 1, 2].map((moves) => hearing.isOvertaken(0, moves, 10_000))).toEqual([true, true, false]);
    hearing.heard(2_000, false, 14_000);
    expect(hearing.isOvertaken(1_500, 0, 25_000)).toBe(false);
    expect(hearing.isOvertaken(1_500, 0, 25_500)).toBe(true);
  });
});
