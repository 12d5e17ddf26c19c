import type { SettingsDeps } from '../edit-section.ts';
import { InMemorySettingsRepository } from './in-memory-settings-repository.ts';

export const LINE = '0312345678';
/** Another number of the line. */
export const NUMBER = '0312345679';
/** An address of earlier years, which would not be accepted anew. */
export const legacy = 'taro..yamada@docomo.ne.jp';

/** A usual brand, and one that allows a single recipient. */
export const brands: SettingsDeps['brands'] = new Map([
  ['ntt-east', {}],
  ['small', { limits: { recipients: 1 } }],
]);

/** Settings in memory that know one line with one number more. */
export async function settingsFor({ brand = 'ntt-east' } = {}): Promise<SettingsDeps> {
  const repository = new InMemorySettingsRepository();
  await repository.putLine({ lineNumber: LINE, brand, contractor: '山田商店', numbers: [LINE, NUMBER] });
  return { repository, brands };
}
