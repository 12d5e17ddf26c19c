import type { VNode } from 'preact';
import type { PageContent } from '#pages';

/** A page of what the switch has to be told, which says so until the switch is (V5). */
export function withUnderWay(content: PageContent, isTold: boolean): PageContent {
  if (isTold) return content;
  return {
    ...content,
    body: (
      <>
        <UnderWay what="設定の変更" />
        {content.body}
      </>
    ),
  };
}

/** That something is saved, and on its way to the switch. */
export function UnderWay({ what }: { what: string }): VNode {
  return (
    <div class="help" role="status">
      <p>{`反映中です。${what}は保存されており、電話設備へ伝えているところです。画面を閉じてもかまいません。`}</p>
    </div>
  );
}
