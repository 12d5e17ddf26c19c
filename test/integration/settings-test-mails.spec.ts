import { eventually } from '../support/eventually.ts';
import { testAdmin } from '../support/kafka.ts';
import { someNumber, startSettingsApi, type TestSettingsApi } from '../support/settings-api.ts';
import { uniqueName } from '../support/unique-name.ts';

const newAddress = (): string => `${uniqueName('a')}@example.jp`;

async function numberOf(api: TestSettingsApi): Promise<string> {
  const number = someNumber();
  const line = { brand: 'ntt-east', numbers: [], contractor: 'x' };
  await api.ask('put', `/v1/lines/${number}`).send(line).expect(201);
  return number;
}

const ask = async (api: TestSettingsApi, number: string, address: string): Promise<number> =>
  (await api.ask('post', `/v1/numbers/${number}/test-mail`).send({ address })).status;

describe('a test mail that is not sent', () => {
  it('C12 does not count when Kafka refuses it', async () => {
    const api = await startSettingsApi();
    const [number, address] = [await numberOf(api), newAddress()];
    const admin = await testAdmin();
    const takeAtMost = (bytes: string) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: 2,
            name: `${api.prefix}access-mails`,
            configEntries: [{ name: 'max.message.bytes', value: bytes }],
          },
        ],
      });
    await takeAtMost('1');
    const other = await numberOf(api);
    await eventually(async () => (await ask(api, other, newAddress())) === 500);
    for (let times = 0; times < 25; times += 1) expect(await ask(api, number, address)).toBe(500);
    await takeAtMost('1048588');
    await eventually(async () => (await ask(api, await numberOf(api), newAddress())) === 202);
    for (let times = 0; times < 5; times += 1) expect(await ask(api, number, address)).toBe(202);
    expect(await ask(api, number, address)).toBe(429);
  }, 60_000);
});
