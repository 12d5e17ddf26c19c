import { setImmediate as turn } from 'node:timers/promises';
import { createSettingsRepository, type RedisConnection } from '#redis';
import { EMPTY_VOICE_WARP, type BulkTransferSettings } from '#rules';
import { tellSwitch, type SwitchPlace, type SwitchRecord } from '#settings';
import { hear } from '../../libs/settings/testing/switch-log.ts';
import { aroundCommands } from './redis-commands.ts';
import { openRedis } from './redis-for-test.ts';

const LINE = '0312345678';
const NUMBER = '0312345679';
const OTHER = '0698765432';
const TRANSFER = `bulk-transfer:${LINE}` as const;
const never = new AbortController().signal;
const SETTINGS = `bulk-transfer-settings.v1 ${LINE}`;

const line = (...numbers: string[]) => ({
  lineNumber: LINE,
  brand: 'ntt-east',
  contractor: '',
  numbers: [LINE, ...numbers],
});
const transfer = (enabled: boolean, to = OTHER): BulkTransferSettings => ({
  enabled,
  destinations: { [NUMBER]: to },
});
const warp = { ...EMPTY_VOICE_WARP, enabled: true, destinations: [OTHER, null, null, null] };

type Repository = ReturnType<typeof createSettingsRepository>;

const repositoryOn = (redis: RedisConnection): Repository =>
  createSettingsRepository(redis, { canAwaitDisk: false });

/** Settings that know one line. */
async function open(): Promise<{ readonly redis: RedisConnection; readonly repository: Repository }> {
  const redis = await openRedis();
  const repository = repositoryOn(redis);
  await repository.putLine(line(NUMBER));
  return { redis, repository };
}

/** Tells what waits, as a process does whose clock is so far ahead, and returns what it told. */
async function tellAll({ outbox }: Repository, records: SwitchRecord[], aheadMs = 0): Promise<void> {
  const now = (): number => Date.now() + aheadMs;
  const publisher = { publish: async (some: readonly SwitchRecord[]) => void records.push(...some) };
  for (const place of await outbox.waiting()) await tellSwitch({ outbox, publisher, now }, place, never);
}

describe('what the switch has to be told, in Redis (V5)', () => {
  it('is written with the settings, and forgotten when it is told', async () => {
    const { redis, repository } = await open();
    const heard: SwitchPlace[] = [];
    repository.outbox.onNews((place) => void heard.push(place));
    await repository.putSection(NUMBER, 'voiceWarp', warp);
    await repository.putBulkTransfer(LINE, transfer(true));
    const places = [`voice-warp:${NUMBER}`, TRANSFER] as const;
    expect(heard).toEqual(places);
    expect((await repository.outbox.waiting()).toSorted()).toEqual(places.toSorted());
    const { count, oldestAt } = await repository.outbox.backlog();
    expect(count).toBe(2);
    expect(Date.now() - oldestAt!).toBeLessThan(10_000);
    expect(await Promise.all(places.map((place) => repository.isTold(place)))).toEqual([false, false]);
    const records: SwitchRecord[] = [];
    await tellAll(repository, records);
    expect(await Promise.all(places.map((place) => repository.isTold(place)))).toEqual([true, true]);
    expect(await repository.outbox.backlog()).toEqual({ count: 0, oldestAt: undefined });
    expect(hear(records).commands).toMatchObject([{ action: 'start' }]);
    expect(
      await redis.client.pttl(`${redis.keyPrefix}untold:${TRANSFER.replace(LINE, `{${LINE}}`)}`),
    ).toBeGreaterThan(0);
  });

  it('never expires before it is told', async () => {
    const { redis, repository } = await open();
    const records: SwitchRecord[] = [];
    for (const to of ['0611111111', '0622222222']) {
      await repository.putBulkTransfer(LINE, transfer(false, to));
      expect(await redis.client.pttl(`${redis.keyPrefix}untold:bulk-transfer:{${LINE}}`)).toBe(-1);
      await tellAll(repository, records);
    }
  });

  it('is nothing when other settings are written, or the same again', async () => {
    const { repository } = await open();
    await repository.putBulkTransfer(LINE, transfer(true));
    await tellAll(repository, []);
    await repository.putBulkTransfer(LINE, transfer(true));
    const { value } = (await repository.getSection(NUMBER, 'screening'))!;
    await repository.putSection(NUMBER, 'screening', value);
    await repository.putLine(line(NUMBER, '0312345670'));
    expect(await repository.outbox.waiting()).toEqual([]);
  });

  it('R3 is each order to start or stop, also to do what was chosen before', async () => {
    const { repository } = await open();
    const records: SwitchRecord[] = [];
    for (const enabled of [false, true, true])
      await repository.putBulkTransfer(LINE, transfer(enabled), undefined, { isOrder: true });
    await tellAll(repository, records);
    expect(hear(records).commands.map(({ action }) => action)).toEqual(['stop', 'start', 'start']);
  });

  it('leaves nothing behind of a number or a line that goes, nor of what is not contracted any more', async () => {
    const { repository } = await open();
    const records: SwitchRecord[] = [];
    const warpOf = (): unknown => hear(records).kept.get(`voice-warp.v1 ${NUMBER}`);
    await repository.putSection(NUMBER, 'voiceWarp', warp);
    await repository.putLine({ ...line(NUMBER), services: { [NUMBER]: [] } });
    await tellAll(repository, records);
    expect(warpOf()).toMatchObject({ kind: 'forgotten' });
    await repository.putLine(line(NUMBER));
    await repository.putBulkTransfer(LINE, transfer(true));
    await tellAll(repository, records);
    expect(warpOf()).toMatchObject({ kind: 'voice-warp', enabled: false });
    await repository.putLine(line());
    await tellAll(repository, records);
    expect(warpOf()).toMatchObject({ kind: 'forgotten' });
    expect(hear(records).kept.get(SETTINGS)).toMatchObject({ destinations: {} });
    await repository.deleteLine(LINE);
    await tellAll(repository, records);
    expect(hear(records).kept.get(SETTINGS)).toMatchObject({ kind: 'forgotten' });
    expect(hear(records).commands.map(({ action }) => action)).toEqual(['start', 'stop']);
  });

  it('is noted again by a write that was under way while its place was forgotten', async () => {
    const { redis, repository } = await open();
    const noted = Promise.withResolvers<void>();
    const forgotten = Promise.withResolvers<void>();
    let isFirst = true;
    const slow = repositoryOn(
      aroundCommands(redis, async (name, send) => {
        const result = await send();
        if (name === 'hset' && isFirst) {
          isFirst = false;
          noted.resolve();
          await forgotten.promise;
        }
        return result;
      }),
    );
    const written = slow.putBulkTransfer(LINE, transfer(true));
    await noted.promise;
    await tellAll(repository, []);
    expect(await repository.outbox.waiting()).toEqual([]);
    forgotten.resolve();
    await written;
    expect(await repository.outbox.waiting()).toEqual([TRANSFER]);
  });
});

/** A process that ends at one of its calls to Redis or Kafka: the call is not made, or its answer is never heard. */
async function playUntil(
  cutAt: number,
  isMade: boolean,
  redis: RedisConnection,
  records: SwitchRecord[],
): Promise<boolean> {
  let calls = 0;
  const ended = Promise.withResolvers<'cut'>();
  const cut = async (send: () => Promise<unknown>): Promise<unknown> => {
    calls += 1;
    if (calls > cutAt) return new Promise(() => undefined);
    if (calls < cutAt) return send();
    if (isMade) await send();
    ended.resolve('cut');
    return new Promise(() => undefined);
  };
  const repository = repositoryOn(aroundCommands(redis, (_, send) => cut(send)));
  const publisher = {
    publish: (some: readonly SwitchRecord[]) => cut(async () => void records.push(...some)) as Promise<void>,
  };
  const life = async (): Promise<'over'> => {
    for (const [enabled, to] of [
      [true, '0611111111'],
      [false, '0622222222'],
    ] as const) {
      await repository.putBulkTransfer(LINE, transfer(enabled, to));
      await tellSwitch({ outbox: repository.outbox, publisher, now: Date.now }, TRANSFER, never);
    }
    return 'over';
  };
  return (await Promise.race([life(), ended.promise])) === 'over';
}

describe.each([
  ['before', false],
  ['after', true],
])('a process that ends %s any of its calls', (_when, isMade) => {
  it('V5 leaves nothing that is not told in the end', async () => {
    const { redis, repository } = await open();
    for (let cutAt = 1, isOver = false; !isOver; cutAt += 1) {
      const records: SwitchRecord[] = [];
      await repository.putBulkTransfer(LINE, transfer(false));
      await tellAll(repository, records, 120_000);
      records.length = 0;
      isOver = await playUntil(cutAt, isMade, redis, records);
      await turn();
      // Others take over when the claim has lapsed, and look again a minute later.
      for (const aheadMs of [20_000, 90_000]) await tellAll(repository, records, aheadMs);
      const { value } = (await repository.getBulkTransfer(LINE))!;
      const { kept, commands } = hear(records);
      const told = [
        kept.get(SETTINGS),
        commands.map(({ action }) => action),
        await repository.outbox.waiting(),
      ];
      const wasWritten = value.destinations[NUMBER] !== OTHER;
      const actions = value.enabled ? ['start'] : ['start', 'stop'];
      const expected = wasWritten ? [{ destinations: value.destinations }, actions, []] : [undefined, [], []];
      expect([cutAt, ...told]).toMatchObject([cutAt, ...expected]);
      expect(cutAt).toBeLessThan(60);
    }
  });
});
