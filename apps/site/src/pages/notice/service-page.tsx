import { MissingFirst } from '../../ui/missing-first.tsx';
import { servicePath } from '../services/service-trail.ts';
import type { Setting, SettingPage } from '../setting/setting-page.tsx';
import { NoneTicked } from './none-ticked.tsx';
import type { Notice } from './recipients-page.tsx';
import { startPage } from './start-page.tsx';

/** サービス開始／停止 of a notice, with the way to the recipients that a start needs (C3). */
export function servicePage(setting: Setting<Notice>): SettingPage<Notice> {
  const { service, number } = setting;
  return startPage('enabled', {
    name: 'service',
    heading: 'サービス開始／停止',
    label: 'サービス',
    started: 'お知らせを、メールで送信します。',
    stopped: 'お知らせを送信しません。ほかの設定は、そのまま残ります。',
    missing: (notice) =>
      notice.recipients.length === 0 ? (
        <MissingFirst path={`${servicePath(service, number)}/recipients`} name="送信先メールアドレス設定">
          サービスを開始するには、送信先メールアドレスの設定が必要です。
        </MissingFirst>
      ) : (
        <NoneTicked setting={setting} notice={notice} />
      ),
  });
}
