import type { PageContent } from '#pages';
import type { VoiceWarp } from '#rules';
import type { SiteRequest } from '../../http/site-request.ts';
import { noticeContent } from '../notice/notice-content.tsx';
import type { Setting } from '../setting/setting-page.tsx';
import { destinationFacts } from './destinations-page.tsx';
import { selectFacts } from './select-page.tsx';
import { serviceFacts } from './service-page.tsx';

const LINKS = [
  {
    href: 'service',
    text: '開始／停止設定',
    description: 'サービスの開始または停止、および転送条件の設定を行います。',
  },
  { href: 'destinations', text: '転送先電話番号設定', description: '転送先の電話番号を設定します。' },
  {
    href: 'select',
    text: 'セレクト機能開始／停止設定',
    description: 'セレクト機能の開始または停止の設定を行います。',
  },
  {
    href: 'select-list',
    text: 'セレクト機能リスト設定',
    description: 'セレクト機能の設定を行う電話番号の追加、削除を行います。',
  },
];

/** The call forwarding of a number: what is set now, and where it is set (V3). */
export function voiceWarpContent(
  request: SiteRequest,
  setting: Setting<VoiceWarp>,
  warp: VoiceWarp,
): PageContent {
  const { destinations, select } = warp;
  const isKnown = destinations.some((one) => one !== null);
  const facts = [
    ...serviceFacts(warp),
    ...(isKnown ? destinationFacts(warp) : [['転送先電話番号', '設定されていません'] as const]),
    ...selectFacts(warp),
    ['セレクト機能リスト', `${select.callers.length}件`] as const,
  ];
  return noticeContent(request, setting, facts, LINKS);
}
