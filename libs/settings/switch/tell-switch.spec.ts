import { EMPTY_VOICE_WARP } from '#rules';
import { hear } from '../testing/switch-log.ts';
import { InMemorySettingsRepository } from '../testing/in-memory-settings-repository.ts';
import { LINE, NUMBER } from '../testing/settings-for-test.ts';
import type { SwitchPlace } from './switch-state.ts';
import { tellSwitch, type SwitchRecord, type TellDeps } from './tell-switch.ts';

const TO = '0698765432';
const WARP = `voice-warp:${NUMBER}` as const;
const TRANSFER = `bulk-transfer:${LINE}` as const;
const never = new AbortController().signal;

const warpTo = (to: string) => ({
  ...EMPTY_VOICE_WARP,
  enabled: true,
  destinations: [to, null, null, null],
});
const transfer = (enabled: boolean, destinations = { [NUMBER]: TO }) => ({ enabled, destinations });

/** Settings in memory that know one line, and what was told of them; `publish` is asked before each record. */
async function scene(publish: (record: SwitchRecord) => Promise<void> = async () => undefined) {
  const repository = new InMemorySettingsRepository();
  const line = { lineNumber: LINE, brand: 'ntt-east', contractor: '', numbers: [LINE, NUMBER] };
  await repository.putLine(line);
  const records: SwitchRecord[] = [];
  const clock = { ms: Date.now() };
  const deps: TellDeps = {
    outbox: repository.outbox,
    now: () => clock.ms,
    publisher: {
      publish: async ([record]) => {
        await publish(record!);
        records.push(record!);
      },
    },
  };
  const tell = (place: SwitchPlace): Promise<boolean> => tellSwitch(deps, place, never);
  return { repository, line, records, clock, deps, tell };
}

describe('telling the switch (V5)', () => {
  it('V3 tells the whole call forwarding by the number, once', async () => {
    const { repository, records, tell } = await scene();
    await repository.putSection(NUMBER, 'voiceWarp', warpTo(TO));
    expect(await repository.isTold(WARP)).toBe(false);
    expect(await tell(WARP)).toBe(true);
    expect(await repository.isTold(WARP)).toBe(true);
    expect(await tell(WARP)).toBe(false);
    expect(await repository.outbox.waiting()).toEqual([]);
    expect(records.map(({ key, topic }) => [String(key), topic])).toEqual([[NUMBER, 'switch-settings']]);
    const { number, destinations } = JSON.parse(String(records[0]?.value)) as Record<string, unknown>;
    expect({ number, destinations }).toEqual({ number: NUMBER, destinations: [TO, null, null, null] });
  });

  it('V2 tells the destinations first, then each start and stop in order, because of the subscriber', async () => {
    const { repository, records, tell } = await scene();
    for (const enabled of [true, false, true]) await repository.putBulkTransfer(LINE, transfer(enabled));
    await tell(TRANSFER);
    expect(records.map(({ topic }) => topic)).toEqual([
      'switch-settings',
      ...Array.from({ length: 3 }, () => 'switch-commands'),
    ]);
    expect(hear(records).commands).toMatchObject(
      ['start', 'stop', 'start'].map((action) => ({ lineNumber: LINE, action, because: 'subscriber' })),
    );
  });

  it('keeps a line and its own number apart, which have the same key', async () => {
    const { repository, records, tell } = await scene();
    await repository.putSection(LINE, 'voiceWarp', warpTo(TO));
    await repository.putBulkTransfer(LINE, transfer(false));
    await tell(`voice-warp:${LINE}`);
    await tell(TRANSFER);
    expect(records.map(({ key, besideKey = false }) => [String(key), besideKey])).toEqual([
      [LINE, false],
      [LINE, true],
    ]);
  });

  it('tells that nothing is to be known any more of who left, and stops what ran', async () => {
    const { repository, line, records, tell } = await scene();
    await repository.putSection(NUMBER, 'voiceWarp', warpTo(TO));
    await repository.putBulkTransfer(LINE, transfer(true));
    await tell(WARP);
    await tell(TRANSFER);
    await repository.putLine({ ...line, numbers: [LINE] });
    await tell(WARP);
    await tell(TRANSFER);
    const { settings, commands } = hear(records);
    expect(settings.get(`voice-warp.v1 ${NUMBER}`)).toMatchObject({ kind: 'forgotten' });
    expect(settings.get(`bulk-transfer-settings.v1 ${LINE}`)).toMatchObject({ destinations: {} });
    expect(commands.map(({ action }) => action)).toEqual(['start', 'stop']);
    await repository.deleteLine(LINE);
    await tell(TRANSFER);
    expect(hear(records).kept.get(`bulk-transfer-settings.v1 ${LINE}`)).toMatchObject({ kind: 'forgotten' });
  });

  it('tells nothing of what nobody ever set', async () => {
    const { repository } = await scene();
    await repository.deleteLine(LINE);
    expect(await repository.outbox.waiting()).toEqual([]);
  });

  it('stays to be told while Kafka is away, each command under the same id', async () => {
    let isAway = true;
    const asked: string[] = [];
    const { repository, records, tell } = await scene(async ({ headers }) => {
      asked.push(headers['ce_id'] ?? '');
      if (isAway) throw Object.assign(new Error('away'), { retryable: true });
    });
    await repository.putBulkTransfer(LINE, transfer(true));
    await expect(tell(TRANSFER)).rejects.toThrow('away');
    expect(await repository.isTold(TRANSFER)).toBe(false);
    isAway = false;
    await tell(TRANSFER);
    expect(asked).toEqual([asked[1], ...records.map(({ headers }) => headers['ce_id'])]);
  });

  it('begins nothing long after its claim: somebody else has told what is newer', async () => {
    const { repository, records, clock, tell } = await scene();
    await repository.putSection(NUMBER, 'voiceWarp', warpTo('0611111111'));
    const change = repository.outbox.change.bind(repository.outbox);
    repository.outbox.change = async (place, step) => {
      repository.outbox.change = change;
      const claimed = await change(place, step);
      await repository.putSection(NUMBER, 'voiceWarp', warpTo('0622222222'));
      clock.ms += 15_000;
      await tell(WARP);
      return claimed;
    };
    await tell(WARP);
    expect(records.map(({ value }) => String(value))).toEqual([expect.stringContaining('0622222222')]);
  });

  it('ends with the newest state when one was frozen with an old one and told it last', async () => {
    let wake = (): void => undefined;
    const frozen = new Promise<void>((resolve) => (wake = resolve));
    let isFirst = true;
    const { repository, records, clock, tell } = await scene(async () => {
      const waits = isFirst;
      isFirst = false;
      if (waits) await frozen;
    });
    await repository.putSection(NUMBER, 'voiceWarp', warpTo('0611111111'));
    const first = tell(WARP);
    await new Promise(setImmediate);
    await repository.putSection(NUMBER, 'voiceWarp', warpTo('0622222222'));
    expect(await tell(WARP)).toBe(false);
    clock.ms += 15_000;
    expect(await tell(WARP)).toBe(true);
    wake();
    await first;
    const { kept, settings } = hear(records);
    const newest = { destinations: ['0622222222', null, null, null] };
    expect(kept.get(`voice-warp.v1 ${NUMBER}`)).toMatchObject(newest);
    expect(settings.get(`voice-warp.v1 ${NUMBER}`)).toMatchObject(newest);
    expect(records).toHaveLength(3);
  });
});
