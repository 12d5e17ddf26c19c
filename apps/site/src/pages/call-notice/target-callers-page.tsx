import type { VNode } from 'preact';
import { shownNumber, type Brand } from '#mail';
import { TextField } from '#pages';
import { limitsOfBrand, type CallNotice } from '#rules';
import { Checkbox } from '../../ui/choices.tsx';
import { fieldOfRow, filledRows } from '../setting/filled-rows.ts';
import { ManyRows } from '../setting/many-rows.tsx';
import type { SettingPage, Shown } from '../setting/setting-page.tsx';

/** お知らせ対象電話番号設定: the callers that the subscriber wants to hear about (C4). */
export function targetCallersPage(brand: Brand): SettingPage<CallNotice> {
  const { targetCallers: most } = limitsOfBrand(brand.limits);
  const rowsOf = ({ targetCallers }: CallNotice): number => Math.max(most, targetCallers.length);
  return {
    name: 'target-callers',
    heading: 'お知らせ対象電話番号設定',
    fields: ({ targetCallers }) =>
      Object.fromEntries(
        targetCallers.flatMap(({ number, enabled }, index) => [
          [`caller${index + 1}`, number],
          [`chosen${index + 1}`, enabled ? 'on' : ''],
        ]),
      ),
    document: (typed, stored) => ({
      ...stored,
      targetCallers: filledRows(typed, 'caller', rowsOf(stored)).map((row) => ({
        number: typed(`caller${row}`),
        enabled: typed(`chosen${row}`) === 'on',
      })),
    }),
    fieldOf: (path, typed, stored) => fieldOfRow(path, 'caller', filledRows(typed, 'caller', rowsOf(stored))),
    facts: ({ targetCallers }) =>
      targetCallers.length === 0
        ? [['お知らせ対象電話番号', 'なし']]
        : targetCallers.map(({ number, enabled }, index) => [
            `発信者電話番号${index + 1}`,
            `${shownNumber(number)}（${enabled ? '指定する' : '指定しない'}）`,
          ]),
    controls: (shown) => <Controls rows={rowsOf(shown.stored.value)} shown={shown} />,
  };
}

function Controls({ rows, shown: { typed, errors } }: { rows: number; shown: Shown<CallNotice> }): VNode {
  return (
    <>
      <ul class="remarks">
        <li>お知らせする電話番号を入力し、「指定」にチェックを入れてください。{rows}件まで設定できます。</li>
        <li>「お知らせ対象電話番号からの着信のみお知らせする」を設定した場合に使われます。</li>
        <li>設定した電話番号からでも、非通知の着信はお知らせしません。</li>
      </ul>
      <ManyRows rows={rows}>
        {(row) => (
          <div key={row} class="row together">
            <TextField
              name={`caller${row}`}
              label={`発信者電話番号${row}`}
              value={typed(`caller${row}`)}
              error={errors?.[`caller${row}`]}
              keyboard="tel"
            />
            <Checkbox name={`chosen${row}`} label={`指定${row}`} checked={typed(`chosen${row}`) === 'on'} />
          </div>
        )}
      </ManyRows>
    </>
  );
}
