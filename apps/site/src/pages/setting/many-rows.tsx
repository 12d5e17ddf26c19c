import type { ComponentChildren, VNode } from 'preact';
import { Way } from '#pages';
import { rowNumbers } from './filled-rows.ts';
import { SAVE_ID } from './setting-page.tsx';

/** The rows of a form that is longer than a telephone's screen, with a way to the button below them. */
export function ManyRows({
  rows,
  children,
}: {
  rows: number;
  children: (row: number) => ComponentChildren;
}): VNode {
  return (
    <>
      <Way href={`#${SAVE_ID}`}>「設定」ボタンへ移動する</Way>
      <div class="rows">{rowNumbers(rows).map(children)}</div>
    </>
  );
}
