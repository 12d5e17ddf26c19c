import type { PageContent } from '#pages';
import type { CallNotice } from '#rules';
import type { SiteRequest } from '../../http/site-request.ts';
import { NoneTicked } from '../notice/none-ticked.tsx';
import { noticeContent, noticeFacts } from '../notice/notice-content.tsx';
import type { Setting } from '../setting/setting-page.tsx';
import { conditionFacts } from './conditions-page.tsx';

/** The call notice of a number: what is set now, and where it is set. */
export function callNoticeContent(
  request: SiteRequest,
  setting: Setting<CallNotice>,
  notice: CallNotice,
): PageContent {
  const { targetCallers } = notice;
  const chosen = targetCallers.filter(({ enabled }) => enabled).length;
  const facts = [
    ...noticeFacts(notice),
    ...conditionFacts(notice),
    [
      'お知らせ対象電話番号',
      targetCallers.length === 0
        ? '設定されていません'
        : `${targetCallers.length}件（うち指定するもの：${chosen}件）`,
    ] as const,
  ];
  return noticeContent(request, setting, facts, LINKS, <NoneTicked setting={setting} notice={notice} />);
}

const LINKS = [
  {
    href: 'recipients',
    text: '送信先メールアドレス設定',
    description: '着信お知らせメールを送信するメールアドレスを設定します。',
  },
  {
    href: 'service',
    text: 'サービス開始／停止',
    description: 'サービスの開始または停止の設定を行います。',
  },
  {
    href: 'conditions',
    text: 'メール送信条件設定',
    description: '着信お知らせメールの送信条件を設定します。',
  },
  {
    href: 'target-callers',
    text: 'お知らせ対象電話番号設定',
    description: '着信お知らせメールの送信対象とする発信者電話番号を設定します。',
  },
  {
    href: 'dry-run',
    text: 'この設定を試す',
    description: '着信があったときに、お知らせメールが送信されるかどうかを確認します。',
  },
];
