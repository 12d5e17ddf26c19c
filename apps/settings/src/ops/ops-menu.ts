import type { Link } from '#pages';
import { ACTIONS_PATH, LETTERS_PATH, NUMBERS_PATH, OUTCOMES_PATH } from './paths.ts';

const OVERVIEW: Link = { href: '/ops', text: '稼働状況' };

/** The operator's pages, as the menu on each of them says them. */
export const OPS_MENU: readonly Link[] = [
  OVERVIEW,
  { href: OUTCOMES_PATH, text: '送信結果' },
  { href: '/ops/carriers', text: '通信会社別' },
  { href: LETTERS_PATH, text: 'デッドレター' },
  { href: NUMBERS_PATH, text: '番号のログイン' },
  { href: ACTIONS_PATH, text: '操作の記録' },
];

/** The pages above one that the menu leads to. */
export const OPS_TRAIL: readonly Link[] = [OVERVIEW];
