import { EMPTY_VOICE_WARP, emptyNumberSettings, type LineSettings, type NumberSettings } from '#rules';
import { bulkTransferState, newsBetween, voiceWarpState } from './switch-state.ts';

const NUMBER = '0312345679';
const LINE = '0312345678';
const NOTHING = { settings: null, transfers: false };

const voiceWarp = {
  ...EMPTY_VOICE_WARP,
  enabled: true,
  condition: 'no-answer',
  ringSeconds: 20,
  destinations: ['09012345678', null, null, null],
} as const;

function number(more: Partial<NumberSettings> = {}): NumberSettings {
  return { ...emptyNumberSettings({ number: NUMBER, lineNumber: LINE, brand: 'ntt-east' }), ...more };
}

const line = (more: Partial<LineSettings>) => ({ lineNumber: LINE, ...more });
const transfer = { enabled: true, destinations: { [NUMBER]: '0698765432' } };

describe('what the switch shall know (V5)', () => {
  it('V3 is the whole call forwarding of a number', () => {
    expect(voiceWarpState(number({ voiceWarp }))).toEqual({
      settings: { number: NUMBER, ...voiceWarp },
      transfers: false,
    });
  });

  it('V2 is the destinations of a line’s numbers, and whether it transfers now', () => {
    expect(bulkTransferState(line({ bulkTransfer: transfer }))).toEqual({
      settings: { lineNumber: LINE, destinations: transfer.destinations },
      transfers: true,
    });
  });

  it('is nothing of what was never set, or of whom nobody knows', () => {
    expect([voiceWarpState(number()), voiceWarpState(undefined)]).toEqual([NOTHING, NOTHING]);
    expect([bulkTransferState(line({})), bulkTransferState(undefined)]).toEqual([NOTHING, NOTHING]);
  });

  it('A13 is nothing of what is not contracted any more', () => {
    expect(voiceWarpState(number({ voiceWarp, services: ['call-notice'] }))).toEqual(NOTHING);
    const services = { [LINE]: ['voice-warp'] } as const;
    expect(bulkTransferState(line({ bulkTransfer: transfer, services }))).toEqual(NOTHING);
  });
});

describe('what is new to the switch (V5)', () => {
  const on = bulkTransferState(line({ bulkTransfer: transfer }));
  const off = bulkTransferState(line({ bulkTransfer: { ...transfer, enabled: false } }));

  it.each([
    ['nothing, when nothing changes', on, on, undefined],
    ['a start', off, on, { settings: false, action: 'start' }],
    ['a stop', on, off, { settings: false, action: 'stop' }],
    ['a stop, and that nothing is to be known', on, NOTHING, { settings: true, action: 'stop' }],
    ['settings and a start', NOTHING, on, { settings: true, action: 'start' }],
    ['settings', NOTHING, off, { settings: true }],
  ])('is %s', (_what, before, after, news) => {
    expect(newsBetween(before, after)).toEqual(news);
  });

  it.each([
    ['a start, chosen before', on, on, { settings: false, action: 'start' }],
    ['a stop, chosen before', off, off, { settings: false, action: 'stop' }],
    ['settings and a stop', NOTHING, off, { settings: true, action: 'stop' }],
    ['nothing, where nothing is to be known', NOTHING, NOTHING, undefined],
  ])('R3 by an order is %s', (_what, before, after, news) => {
    expect(newsBetween(before, after, true)).toEqual(news);
  });

  it('V2 is no change when destinations stand in another order', () => {
    const destinations = { a: '1', b: '2' };
    const state = (order: object) => ({
      settings: { lineNumber: LINE, destinations: order as Record<string, string> },
      transfers: false,
    });
    expect(newsBetween(state(destinations), state({ b: '2', a: '1' }))).toBeUndefined();
  });
});
