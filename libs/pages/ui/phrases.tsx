import type { VNode } from 'preact';

/** Names so long that a line of a telephone may end behind them. */
const LONG_NAMES = ['ワンタイムパスワード', 'お知らせ対象電話番号'];

/** A heading, label or link that begins with a long name breaks behind that, and not somewhere inside of it. */
export function Phrases({ text, siteName }: { text: string; siteName?: string }): VNode {
  const name = [siteName, ...LONG_NAMES].find((one) => one !== undefined && text.startsWith(one)) ?? '';
  const rest = text.slice(name.length);
  // A particle belongs to what is before it; browsers know that by themselves.
  if (name === '' || /^([ぁ-ん]|$)/.test(rest)) return <>{text}</>;
  return (
    <>
      <span class="whole">{name}</span>
      <wbr />
      <span class="whole">{rest}</span>
    </>
  );
}
