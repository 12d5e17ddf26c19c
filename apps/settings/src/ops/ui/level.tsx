import type { VNode } from 'preact';
import type { Level } from '../flow/flow-part.ts';

const WORDS: Readonly<Record<Level, string>> = {
  good: '● 正常',
  warn: '▲ 注意',
  bad: '■ 異常',
  unseen: '？ 不明',
};

/** How something is: a sign and a word, not a colour alone. */
export function LevelBadge({ level }: { level: Level }): VNode {
  return <span class={`level ${level}`}>{WORDS[level]}</span>;
}
