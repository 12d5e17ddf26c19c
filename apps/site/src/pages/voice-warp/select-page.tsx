import type { SelectMode, VoiceWarp } from '#rules';
import { Choices } from '../../ui/choices.tsx';
import { servicePath } from '../services/service-trail.ts';
import type { FactRows, Setting, SettingPage } from '../setting/setting-page.tsx';
import { MissingFirst } from '../../ui/missing-first.tsx';

const MODES: readonly (readonly [SelectMode, string, string])[] = [
  ['off', '停止', '電話番号による選択をせず、転送条件に当てはまる着信を転送します。'],
  ['forward-listed', '登録番号転送', '登録した電話番号からの着信だけを転送します。'],
  [
    'ring-listed',
    '登録番号着信',
    '登録した電話番号からの着信だけを転送せずに着信し、ほかの着信を転送します。',
  ],
];

/** セレクト機能開始／停止設定: what is done with the callers of the list (V3). */
export function selectPage({ service, number }: Setting<VoiceWarp>): SettingPage<VoiceWarp> {
  return {
    name: 'select',
    heading: 'セレクト機能開始／停止設定',
    fields: ({ select }) => ({ mode: select.mode }),
    document: (typed, stored) => ({ ...stored, select: { ...stored.select, mode: typed('mode') } }),
    fieldOf: () => 'mode',
    facts: selectFacts,
    controls: ({ typed, errors, stored }) => (
      <>
        {stored.value.select.callers.length === 0 && (
          <MissingFirst path={`${servicePath(service, number)}/select-list`} name="セレクト機能リスト設定">
            電話番号がまだ登録されていません。セレクト機能を使うときは、先に電話番号を登録してください。
          </MissingFirst>
        )}
        <Choices
          name="mode"
          label="セレクト機能"
          support="非通知の着信は、登録した電話番号からの着信になりません。"
          choices={MODES.map(([value, label, support]) => ({ value, label, support }))}
          value={typed('mode')}
          error={errors?.['mode']}
        />
      </>
    ),
  };
}

/** What Select does, in words. */
export function selectFacts({ select }: VoiceWarp): FactRows {
  const [, name = ''] = MODES.find(([mode]) => mode === select.mode) ?? [];
  return [['セレクト機能', name]];
}
