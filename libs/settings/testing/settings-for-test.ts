import type { SettingsDeps } from '../edit-section.ts';
import type { Line } from '../settings-repository.ts';
import { InMemorySettingsRepository } from './in-memory-settings-repository.ts';

export const LINE = '0312345678';
/** Another number of the line. */
export const NUMBER = '0312345679';
/** An address of earlier years, which would not be accepted anew. */
export const legacy = 'taro..yamada@docomo.ne.jp';

/** A usual brand, and one that allows one of each. */
export const brands: SettingsDeps['brands'] = new Map([
  ['ntt-east', {}],
  ['small', { limits: { recipients: 1, targetCallers: 1, nuisanceCallers: 1 } }],
]);

/** Settings in memory that know one line with one number more; everything is contracted unless said otherwise. */
export async function settingsFor(
  line: Partial<Line> = {},
): Promise<SettingsDeps & { readonly repository: InMemorySettingsRepository }> {
  const repository = new InMemorySettingsRepository();
  const known = { lineNumber: LINE, brand: 'ntt-east', contractor: '山田商店', numbers: [LINE, NUMBER] };
  await repository.putLine({ ...known, ...line });
  return { repository, brands };
}
