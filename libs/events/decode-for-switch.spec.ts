import { decodeSwitchCommand, decodeSwitchSettings } from './decode-for-switch.ts';
import { encodeEvent, encodeTombstone } from './encode-event.ts';
import { bulkTransferSettings } from './kinds/bulk-transfer-settings.ts';
import { ipPhonePassword } from './kinds/ip-phone-password.ts';
import { voiceWarp } from './kinds/voice-warp.ts';
import type { RawRecord } from './event.ts';
import { AT } from './testing/samples.ts';
import { AT_MS, MINUTE, record } from './testing/decode-records.ts';

const envelope = { source: '/denwa-notify/settings', id: 'e-1', time: AT_MS, sequence: 1_790_000_000_123 };
const received = { partition: 0, offset: '7', timestamp: AT_MS };

function settings(type: 'voice-warp.v1' | 'bulk-transfer-settings.v1', data: unknown): RawRecord {
  return { ...encodeEvent({ ...envelope, type, key: '0312345679', data } as never), ...received };
}

const tombstone: RawRecord = {
  ...encodeTombstone({ ...envelope, type: 'voice-warp.v1', key: '0312345679' }),
  ...received,
};

describe('decodeSwitchCommand', () => {
  const command = { lineNumber: '0312345678', action: 'start', because: 'flt-77', at: AT } as const;

  it('R3 V2 reads the start or stop of a bulk transfer', () => {
    expect(decodeSwitchCommand(record('bulk-transfer.v1', command))).toEqual({
      ok: true,
      value: { kind: 'bulk-transfer', source: '/switch/1', id: 'e-1', ...command, at: AT_MS },
    });
    expect(decodeSwitchCommand(record('bulk-transfer.v1', { ...command, action: 'pause' }))).toMatchObject({
      problems: [{ path: 'data.action' }],
    });
  });

  it('V4 reads the change of an IP phone password, which stays sealed', () => {
    const { at: _at, effectiveAt: _effectiveAt, ...fields } = ipPhonePassword.example;
    expect(decodeSwitchCommand(record('ip-phone-password.v1', ipPhonePassword.example))).toMatchObject({
      ok: true,
      value: { kind: 'ip-phone-password', ...fields, at: AT_MS, effectiveAt: AT_MS + 15 * MINUTE },
    });
  });

  it('refuses settings, which belong elsewhere', () => {
    expect(decodeSwitchCommand(record('voice-warp.v1', voiceWarp.example))).toMatchObject({
      problems: [{ path: 'headers.ce_type' }],
    });
  });
});

describe('decodeSwitchSettings', () => {
  const { sequence } = envelope;

  it('V3 V5 reads the call forwarding of a number', () => {
    expect(decodeSwitchSettings(settings('voice-warp.v1', voiceWarp.example))).toEqual({
      ok: true,
      value: { kind: 'voice-warp', sequence, ...voiceWarp.example },
    });
    const { ringSeconds: _, ...busy } = { ...voiceWarp.example, condition: 'busy' };
    const read = decodeSwitchSettings(settings('voice-warp.v1', busy));
    expect(read.ok && 'ringSeconds' in read.value).toBe(false);
  });

  it('V2 V5 reads the destinations of a line’s numbers', () => {
    const { example } = bulkTransferSettings;
    expect(decodeSwitchSettings(settings('bulk-transfer-settings.v1', example))).toEqual({
      ok: true,
      value: { kind: 'bulk-transfer-settings', sequence, ...example },
    });
  });

  it('V5 reads that nothing is to be known of a number any more', () => {
    expect(decodeSwitchSettings(tombstone)).toEqual({
      ok: true,
      value: { kind: 'forgotten', type: 'voice-warp.v1', key: '0312345679', sequence },
    });
  });

  it.each<[string, Partial<RawRecord>, string]>([
    ['a key', { key: null }, 'key'],
    ['its type', { headers: { ...tombstone.headers, ce_type: 'call.v1' } }, 'headers.ce_type'],
    [
      'its place in the order',
      { headers: { ...tombstone.headers, ce_sequence: '12' } },
      'headers.ce_sequence',
    ],
  ])('refuses a record without value that does not say %s', (_what, change, path) => {
    expect(decodeSwitchSettings({ ...tombstone, ...change })).toMatchObject({ problems: [{ path }] });
  });

  it('refuses settings without their place in the order', () => {
    const { headers, ...good } = settings('voice-warp.v1', voiceWarp.example);
    const { ce_sequence: _, ...others } = headers;
    expect(decodeSwitchSettings({ ...good, headers: others })).toMatchObject({
      problems: [{ path: 'headers.ce_sequence' }],
    });
  });
});

it('V5 the text of a sequence number sorts as the number does', () => {
  const textOf = (n: number): string =>
    encodeTombstone({ ...envelope, type: 'voice-warp.v1', key: 'a', sequence: n }).headers['ce_sequence'] ??
    '';
  const sequences = [2, 10, 999_999_999_999, 1_790_000_000_123];
  expect(sequences.map(textOf).toSorted()).toEqual(sequences.map(textOf));
});
