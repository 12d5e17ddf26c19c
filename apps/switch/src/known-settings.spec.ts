import { createKnownSettings } from './known-settings.ts';
import type { Told } from './told.ts';

const LINE = '0312345678';
const NUMBER = '0312345679';
const call = { lineNumber: LINE, calledNumber: NUMBER };

const warp = (sequence: number, enabled: boolean): Told => ({
  kind: 'voice-warp',
  number: NUMBER,
  enabled,
  condition: 'unconditional',
  destinations: ['08011112222', null, null, null],
  destination: 1,
  select: { mode: 'off', callers: [] },
  sequence,
});
const destinations = (sequence: number, to: string): Told => ({
  kind: 'bulk-transfer-settings',
  lineNumber: LINE,
  destinations: { [NUMBER]: to },
  sequence,
});
const command = (action: 'start' | 'stop', at: number): Told => ({
  kind: 'bulk-transfer',
  lineNumber: LINE,
  action,
  because: 'subscriber',
  at,
  source: 's',
  id: `${action}-${at}`,
});

/** What is known of the number after all of this. */
function after(...told: Told[]) {
  const known = createKnownSettings();
  return { counts: told.map((one) => known.learn(one)), ...known.forwardingOf(call) };
}

describe('what the switch knows', () => {
  it('is nothing at first', () => {
    expect(after()).toEqual({ counts: [], voiceWarp: undefined, transferTo: undefined });
  });

  it('V3 V5 is the newest of a number, in whatever order it comes, until it is gone', () => {
    expect(after(warp(2, true), warp(1, false))).toMatchObject({
      counts: [true, false],
      voiceWarp: { enabled: true },
    });
    const gone: Told = { kind: 'forgotten', type: 'voice-warp.v1', key: NUMBER, sequence: 3 };
    expect(after(warp(2, true), gone).voiceWarp).toBeUndefined();
    expect(after(gone, warp(2, true))).toMatchObject({ counts: [true, false], voiceWarp: undefined });
  });

  it('V2 R3 forwards the numbers with a destination from the start to the stop', () => {
    const [to, other] = ['0698765432', '0661112222'];
    expect(after(destinations(1, to)).transferTo).toBeUndefined();
    expect(after(command('start', 1)).transferTo).toBeUndefined();
    expect(after(destinations(1, to), command('start', 1)).transferTo).toBe(to);
    expect(after(command('start', 1), destinations(1, to), destinations(2, other)).transferTo).toBe(other);
    expect(after(destinations(1, to), command('start', 1), command('stop', 2)).transferTo).toBeUndefined();
    const gone: Told = { kind: 'forgotten', type: 'bulk-transfer-settings.v1', key: LINE, sequence: 2 };
    expect(after(destinations(1, to), command('start', 1), gone).transferTo).toBeUndefined();
  });

  it('V5 a command that comes again after a newer one starts and stops nothing', () => {
    expect(
      after(destinations(1, '0698765432'), command('start', 1), command('stop', 2), command('start', 1)),
    ).toMatchObject({ counts: [true, true, true, false], transferTo: undefined });
  });

  it('V5 a command counts by its place in the order, whatever the clock of who told it', () => {
    expect(after(destinations(1, '0698765432'), command('start', 2), command('stop', 1))).toMatchObject({
      counts: [true, true, true],
      transferTo: undefined,
    });
  });

  it('a number’s settings say nothing about another, nor a line’s', () => {
    const known = createKnownSettings();
    for (const told of [warp(1, true), destinations(1, '0698765432'), command('start', 1)]) known.learn(told);
    const nothing = { voiceWarp: undefined, transferTo: undefined };
    expect(known.forwardingOf({ lineNumber: '0661112222', calledNumber: '0661113333' })).toEqual(nothing);
    expect(known.forwardingOf({ lineNumber: LINE, calledNumber: LINE })).toEqual(nothing);
  });
});
