import type { ComponentChildren, VNode } from 'preact';
import { shownNumber } from '#mail';
import { TextField } from '#pages';
import { SELECT_CALLERS, type SelectMode, type VoiceWarp } from '#rules';
import { fieldOfRow, filledRows } from '../setting/filled-rows.ts';
import { ManyRows } from '../setting/many-rows.tsx';
import type { SettingPage, Shown } from '../setting/setting-page.tsx';

/** セレクト機能リスト設定: the callers that Select knows (V3). */
export const SELECT_LIST_PAGE: SettingPage<VoiceWarp> = {
  name: 'select-list',
  heading: 'セレクト機能リスト設定',
  fields: ({ select }) =>
    Object.fromEntries(select.callers.map((caller, index) => [`caller${index + 1}`, caller])),
  document: (typed, stored) => {
    const callers = filledRows(typed, 'caller', SELECT_CALLERS).map((row) => typed(`caller${row}`));
    return { ...stored, select: { ...stored.select, callers } };
  },
  fieldOf: (path, typed) =>
    fieldOfRow(path.replace('select.', ''), 'caller', filledRows(typed, 'caller', SELECT_CALLERS)),
  facts: ({ select: { callers } }) =>
    callers.length === 0
      ? [['登録電話番号', 'なし']]
      : callers.map((caller, index) => [`登録電話番号${index + 1}`, shownNumber(caller)]),
  controls: (shown) => (
    <>
      {withNobody(shown.stored.value)}
      <Controls shown={shown} />
    </>
  ),
};

/** What Select does while it is on and knows nobody. */
const WITH_NOBODY: Readonly<Record<SelectMode, string | undefined>> = {
  off: undefined,
  'forward-listed': '電話番号が登録されていないため、登録番号転送では、どの着信も転送されません。',
  'ring-listed':
    '電話番号が登録されていないため、登録番号着信では、転送条件に当てはまるすべての着信が転送されます。',
};

function withNobody({ select: { mode, callers } }: VoiceWarp): ComponentChildren {
  const words = callers.length === 0 && WITH_NOBODY[mode];
  return words && <p class="warning">{words}</p>;
}

function Controls({ shown: { typed, errors } }: { shown: Shown<VoiceWarp> }): VNode {
  return (
    <>
      <ul class="remarks">
        <li>セレクト機能で転送する、または転送せずに着信する相手の電話番号を入力してください。</li>
        <li>{SELECT_CALLERS}件まで登録できます。削除するときは、入力欄を空にしてください。</li>
      </ul>
      <ManyRows rows={SELECT_CALLERS}>
        {(row) => (
          <div key={row} class="row">
            <TextField
              name={`caller${row}`}
              label={`登録電話番号${row}`}
              value={typed(`caller${row}`)}
              error={errors?.[`caller${row}`]}
              keyboard="tel"
            />
          </div>
        )}
      </ManyRows>
    </>
  );
}
