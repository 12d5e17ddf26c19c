import { shownNumber } from '#mail';
import { LinkList, type PageContent, Way } from '#pages';
import type { BulkTransferSettings } from '#rules';
import type { SiteRequest } from '../../http/site-request.ts';
import { noticeContent } from '../notice/notice-content.tsx';
import { NumberSearch } from '../services/numbers-page.tsx';
import { serviceTrail } from '../services/service-trail.ts';
import type { Setting } from '../setting/setting-page.tsx';
import { placeOfNumber } from './destinations-page.tsx';
import { SERVICE_PAGE } from './service-page.tsx';

const DESTINATIONS = { href: '/line/bulk-transfer/destinations', text: '転送先電話番号の設定' };

const LINKS = [
  {
    href: 'service',
    text: 'サービス開始／停止設定',
    description: 'サービスの開始または停止の設定を行います。',
  },
  {
    href: 'destinations',
    text: DESTINATIONS.text,
    description: '電話番号ごとに、転送先電話番号を設定します。',
  },
  {
    href: 'csv',
    text: '転送先電話番号の一括設定',
    description: 'CSVファイルを使用して転送先の電話番号を一括設定します。',
  },
];

/** The bulk transfer of the line: what is set now, and where it is set (V2). */
export function bulkTransferContent(
  request: SiteRequest,
  setting: Setting<BulkTransferSettings>,
  transfer: BulkTransferSettings,
): PageContent {
  const count = Object.keys(transfer.destinations).length;
  const destinations = count === 0 ? '設定されていません' : `${count}件`;
  return noticeContent(
    request,
    setting,
    [...SERVICE_PAGE.facts(transfer), ['転送先電話番号', destinations]],
    LINKS,
  );
}

/** What the search for a number found: a way to the destination of each (C14). */
export function foundContent(
  request: SiteRequest,
  lineNumber: string,
  {
    numbers,
    typed,
    found,
  }: { readonly numbers: readonly string[]; readonly typed: string; readonly found: readonly string[] },
): PageContent {
  const links = found.map((one) => ({ href: placeOfNumber(numbers, one), text: shownNumber(one) }));
  return {
    heading: '電話番号検索',
    trail: [...serviceTrail(request, 'bulk-transfer', { number: lineNumber, isBelow: true }), DESTINATIONS],
    number: lineNumber,
    body: (
      <>
        <NumberSearch path="/line/bulk-transfer/search" searched={typed} />
        <p role="status">
          {found.length === 0
            ? '当てはまる電話番号はありません。電話番号の一部だけを入力して、もう一度検索してください。'
            : `${found.length}件の電話番号が見つかりました。転送先を設定する電話番号を選んでください。`}
        </p>
        {links.length > 0 && <LinkList links={links} />}
        <Way href={DESTINATIONS.href}>すべての電話番号を表示する</Way>
      </>
    ),
  };
}
