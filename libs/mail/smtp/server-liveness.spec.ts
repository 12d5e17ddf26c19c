import { ServerLiveness } from './server-liveness.ts';

const LEAST = 5_000;

describe('a server that says nothing', () => {
  it('is silent after 5 s, and is reported once', () => {
    const liveness = new ServerLiveness(LEAST);
    expect(liveness.detectsSilence(1_000, 5_999)).toBe(false);
    expect(liveness.detectsSilence(1_000, 6_000)).toBe(true);
    expect(liveness.detectsSilence(1_000, 60_000)).toBe(false);
  });

  it('is not silent while it replies on another connection', () => {
    const liveness = new ServerLiveness(LEAST);
    for (let now = 0; now < 60_000; now += 4_000) {
      liveness.replied(now, false, now);
      expect(liveness.detectsSilence(0, now + 3_999)).toBe(false);
    }
  });

  it('may be silent for twice as long as it recently was', () => {
    const liveness = new ServerLiveness(LEAST);
    liveness.replied(0, false, 12_000);
    expect(liveness.detectsSilence(12_000, 35_999)).toBe(false);
    expect(liveness.detectsSilence(12_000, 36_000)).toBe(true);
  });

  it('gets no longer limit for one slow reply among quick ones', () => {
    const liveness = new ServerLiveness(LEAST);
    liveness.replied(100, false, 290_000 - 10);
    const other = new ServerLiveness(LEAST);
    for (let now = 0; now < 290_000; now += 1_000) other.replied(now, false, now + 5);
    other.replied(0, false, 290_000);
    expect(other.detectsSilence(290_000, 295_000)).toBe(true);
    expect(liveness.detectsSilence(290_000, 295_000)).toBe(false);
  });

  it('has the short limit again ten minutes after it was slow', () => {
    const liveness = new ServerLiveness(LEAST);
    liveness.replied(0, false, 30_000);
    liveness.replied(700_000, false, 700_001);
    expect(liveness.detectsSilence(700_001, 705_001)).toBe(true);
  });

  it('gets twice as long after each false alarm, until it replies to a message', () => {
    const liveness = new ServerLiveness(LEAST);
    const answersProbe = (now: number): void => liveness.replied(now, false, now);
    expect(liveness.detectsSilence(0, 5_000)).toBe(true);
    answersProbe(5_000);
    expect(liveness.detectsSilence(5_000, 14_999)).toBe(false);
    expect(liveness.detectsSilence(5_000, 15_000)).toBe(true);
    answersProbe(15_000);
    expect(liveness.detectsSilence(15_000, 34_999)).toBe(false);
    liveness.replied(15_000, true, 35_000);
    expect(liveness.detectsSilence(35_000, 40_000)).toBe(true);
  });
});

describe('a connection that waits', () => {
  it('is slow after 5 s, and after 1 s between an alarm and the next reply to a message', () => {
    const liveness = new ServerLiveness(LEAST);
    expect([4_999, 5_000].map((now) => liveness.isSlow(0, now))).toEqual([false, true]);
    expect(liveness.detectsSilence(0, 5_000)).toBe(true);
    expect([5_999, 6_000].map((now) => liveness.isSlow(5_000, now))).toEqual([false, true]);
    liveness.replied(5_000, true, 7_000);
    expect(liveness.isSlow(5_000, 7_000)).toBe(false);
  });

  it('is never given up for the length of its wait alone', () => {
    expect(new ServerLiveness(LEAST).isOvertaken(0, 0, 299_000)).toBe(false);
  });

  it('is given up once the server has answered a later command elsewhere', () => {
    const liveness = new ServerLiveness(LEAST);
    liveness.replied(4_000, false, 4_010);
    expect(liveness.isOvertaken(0, 0, 4_999)).toBe(false);
    expect(liveness.isOvertaken(0, 0, 5_000)).toBe(true);
    expect(liveness.isOvertaken(4_001, 0, 60_000)).toBe(false);
  });

  it('is not given up for the reply to an earlier command', () => {
    const liveness = new ServerLiveness(LEAST);
    liveness.replied(0, true, 75_000);
    expect(liveness.isOvertaken(60_000, 0, 75_000)).toBe(false);
  });

  it('waits twice as long for each move of its mail, and twice as long as replies recently took', () => {
    const liveness = new ServerLiveness(LEAST);
    liveness.replied(1_000, false, 1_001);
    expect([0, 1, 2].map((moves) => liveness.isOvertaken(0, moves, 10_000))).toEqual([true, true, false]);
    liveness.replied(2_000, false, 14_000);
    expect(liveness.isOvertaken(1_500, 0, 25_000)).toBe(false);
    expect(liveness.isOvertaken(1_500, 0, 25_500)).toBe(true);
  });
});
