import type { VNode } from 'preact';

const ONE_TIME = 'ワンタイムパスワード';

/** A heading, label or link that begins with a long name breaks behind that, and not somewhere inside of it. */
export function Phrases({ text, siteName = ONE_TIME }: { text: string; siteName?: string }): VNode {
  const name = [siteName, ONE_TIME].find((one) => text.startsWith(one)) ?? '';
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
