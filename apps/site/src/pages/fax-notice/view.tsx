import type { PageContent } from '#pages';
import type { FaxNotice } from '#rules';
import type { SiteRequest } from '../../http/site-request.ts';
import { NoneTicked } from '../notice/none-ticked.tsx';
import { noticeContent, noticeFacts } from '../notice/notice-content.tsx';
import type { Setting } from '../setting/setting-page.tsx';

/** The FAX notice of a number: what is set now, and where it is set. */
export function faxNoticeContent(
  request: SiteRequest,
  setting: Setting<FaxNotice>,
  notice: FaxNotice,
): PageContent {
  const warning = <NoneTicked setting={setting} notice={notice} />;
  return noticeContent(request, setting, noticeFacts(notice), LINKS, warning);
}

const LINKS = [
  { href: 'service', text: 'サービス開始／停止', description: 'サービスの開始または停止の設定を行います。' },
  {
    href: 'recipients',
    text: '送信先メールアドレス設定',
    description: 'FAXお知らせメールを送信するメールアドレスを登録、確認します。',
  },
  {
    href: 'received',
    text: '受信FAX内容確認',
    description: '受信したFAXのダウンロード、および受信日時などを確認します。',
  },
];
