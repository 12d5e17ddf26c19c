import type { Link } from '#pages';

const OVERVIEW: Link = { href: '/ops', text: '稼働状況' };

/** The operator's pages, as the menu on each of them says them. */
export const OPS_MENU: readonly Link[] = [
  OVERVIEW,
  { href: '/ops/outcomes', text: '送信結果' },
  { href: '/ops/carriers', text: '通信会社別' },
  { href: '/ops/dead-letters', text: 'デッドレター' },
  { href: '/ops/numbers', text: '番号のログイン' },
  { href: '/ops/actions', text: '操作の記録' },
];

/** The pages above one that the menu leads to. */
export const OPS_TRAIL: readonly Link[] = [OVERVIEW];
