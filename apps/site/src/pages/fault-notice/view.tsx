import type { PageContent } from '#pages';
import type { FaultNotice } from '#rules';
import type { SiteRequest } from '../../http/site-request.ts';
import { NoneTicked } from '../notice/none-ticked.tsx';
import { noticeContent, noticeFacts } from '../notice/notice-content.tsx';
import { startPage } from '../notice/start-page.tsx';
import type { Setting, SettingPage } from '../setting/setting-page.tsx';
import { MAIL_TEXT_PAGE } from './mail-text-page.tsx';

/** 一括転送自動開始設定: whether a fault starts the bulk transfer (R3). */
export const AUTO_START_PAGE: SettingPage<FaultNotice> = startPage('autoStartTransfer', {
  name: 'auto-start',
  heading: '一括転送自動開始設定',
  label: '一括転送自動開始',
  started: '回線が故障したときに、一括転送を自動で開始します。',
  stopped: '一括転送を自動で開始しません。',
  missing: whileStopped,
});

/** 一括転送自動停止設定: whether the recovery stops it (R3). */
export const AUTO_STOP_PAGE: SettingPage<FaultNotice> = startPage('autoStopTransfer', {
  name: 'auto-stop',
  heading: '一括転送自動停止設定',
  label: '一括転送自動停止',
  started: '回線が故障から回復したときに、一括転送を自動で停止します。',
  stopped: '一括転送を自動で停止しません。',
  missing: whileStopped,
});

/** R3: both act while the service is started. */
function whileStopped({ enabled }: FaultNotice): string | false {
  return (
    !enabled && '現在、故障・回復通知のサービスは停止しています。この設定は、サービスの開始中に働きます。'
  );
}

/** The fault notice of the line: what is set now, and where it is set. */
export function faultNoticeContent(
  request: SiteRequest,
  setting: Setting<FaultNotice>,
  notice: FaultNotice,
): PageContent {
  const facts = [
    ...noticeFacts(notice),
    ...MAIL_TEXT_PAGE.facts(notice),
    ...AUTO_START_PAGE.facts(notice),
    ...AUTO_STOP_PAGE.facts(notice),
  ];
  return noticeContent(request, setting, facts, LINKS, <NoneTicked setting={setting} notice={notice} />);
}

const LINKS = [
  { href: 'service', text: 'サービス開始／停止', description: 'サービスの開始または停止の設定を行います。' },
  {
    href: 'mail-text',
    text: '送信メール内容設定',
    description: '故障・回復通知の送信メールにおける契約者名、拠点情報を設定します。',
  },
  {
    href: 'recipients',
    text: '送信先メールアドレス設定',
    description: '故障・回復通知送信先メールアドレスの登録を行います。',
  },
  {
    href: 'auto-start',
    text: '一括転送自動開始設定',
    description: '故障時における一括転送自動開始機能の開始／停止を設定します。',
  },
  {
    href: 'auto-stop',
    text: '一括転送自動停止設定',
    description: '故障回復時における一括転送自動停止機能の開始／停止を設定します。',
  },
];
