import { EMPTY_VOICE_WARP } from '#rules';
import { hear, type HeardByTheSwitch } from '../../libs/settings/testing/switch-log.ts';
import { eventually } from '../support/eventually.ts';
import { collectRecords } from '../support/kafka.ts';
import { startSettingsApi } from '../support/settings-api.ts';

const LINE = '0312345678';
const NUMBER = '0312345679';
const OTHER = '0698765432';

const api = await startSettingsApi();
const topics = ['switch-settings', 'switch-commands'].map((topic) => api.prefix + topic);
const records = await collectRecords(topics);

/** What the switch has heard until now. */
function heard(): HeardByTheSwitch {
  return hear(
    records.map(({ topic, key, value, headers }) => ({
      topic: topic.slice(api.prefix.length) as 'switch-settings',
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers,
    })),
  );
}

const actions = (): string[] => heard().commands.map(({ action }) => action);

async function saveAll(): Promise<void> {
  const line = { brand: 'ntt-east', numbers: [NUMBER], contractor: '' };
  await api.ask('put', `/v1/lines/${LINE}`).send(line).expect(201);
  const warp = { ...EMPTY_VOICE_WARP, enabled: true, destinations: [OTHER, null, null, null] };
  await api.ask('put', `/v1/numbers/${LINE}/voice-warp`).send(warp).expect(200);
  const transfer = { enabled: true, destinations: { [NUMBER]: OTHER } };
  await api.ask('put', `/v1/lines/${LINE}/bulk-transfer`).send(transfer).expect(200);
}

it('V2 V3 V5 what the settings API saves is in Kafka, until nothing is to be known any more', async () => {
  await saveAll();
  await eventually(() => heard().settings.size === 2 && actions().length === 1);
  const { settings } = heard();
  expect(settings.get(`voice-warp.v1 ${LINE}`)).toMatchObject({
    enabled: true,
    destinations: [OTHER, null, null, null],
  });
  expect(settings.get(`bulk-transfer-settings.v1 ${LINE}`)).toMatchObject({
    destinations: { [NUMBER]: OTHER },
  });
  expect(actions()).toEqual(['start']);
  const told = records.filter(({ topic }) => topic.endsWith('switch-settings'));
  // Compaction keeps one record of a key in each partition.
  expect(told.map(({ key }) => key)).toEqual([LINE, LINE]);
  expect(new Set(told.map(({ partition }) => partition)).size).toBe(2);
  await api.ask('delete', `/v1/lines/${LINE}`).expect(204);
  await eventually(() => [...heard().kept.values()].every(({ kind }) => kind === 'forgotten'));
  await eventually(() => actions().length === 2);
  expect(actions()).toEqual(['start', 'stop']);
  for (const { partition } of told)
    expect(records.some((one) => one.partition === partition && one.value === null)).toBe(true);
  await eventually(async () =>
    (await api.ask('get', '/metrics')).text.includes('\nnotify_switch_untold 0\n'),
  );
});
