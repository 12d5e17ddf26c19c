import type { ConfirmationProblem } from '#access';
import type { CellProblem, RowChange } from '#csv';
import { shownNumber } from '#mail';
import { confirmationSentence } from '../../ui/access-sentences.ts';
import { sentence } from '../../ui/sentences.ts';

/** What 1, 0 and nothing mean in a column of switches. */
const SWITCHES: readonly (readonly [column: RegExp, on: string, off: string])[] = [
  [/^開始$/, '開始', '停止'],
  [/^(対象のみ|未応答のみ|送信\d+|指定\d+)$/, 'する', 'しない'],
  [/^ワンタイムパスワード利用設定$/, '利用する', '利用しない'],
];
const NUMBERS = /^(対象\d+|転送先電話番号)$/;
const CONFIRMATION = /^確認用(ID|パスワード)$/;

/** A difference in words: `アドレス1：なし → a@example.jp`. What nobody may read is only said to change. */
export function differenceWords({
  column,
  before,
  after,
}: RowChange<unknown>['differences'][number]): string {
  if (column === '確認用パスワード') return `${column}：変更します`;
  return `${column}：${shown(column, before)} → ${shown(column, after)}`;
}

function shown(column: string, cell: string): string {
  const [, on, off] = SWITCHES.find(([one]) => one.test(column)) ?? [];
  if (cell === '') return 'なし';
  if (on !== undefined && off !== undefined) return cell === '1' ? on : off;
  return NUMBERS.test(column) ? shownNumber(cell) : cell;
}

/** A problem in words: `3行目「アドレス1」：…`. */
export function problemWords({ line, column, code }: CellProblem): string {
  const where = `${line === undefined ? '' : `${line}行目`}${column === undefined ? '' : `「${column}」`}`;
  const isConfirmation = column !== undefined && CONFIRMATION.test(column) && !/^(csv-|required$)/.test(code);
  const what = isConfirmation ? confirmationSentence(code as ConfirmationProblem, column) : sentence(code);
  return where === '' ? what : `${where}：${what}`;
}
