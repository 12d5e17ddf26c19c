import { MOST_NEW_PASSWORDS, oneTimeTable, type AccessDeps } from '#access';
import type { BulkTable } from '#csv';
import type { Brand } from '#mail';
import { type Link, PageError } from '#pages';
import { bulkTransferTable, callNoticeTable, type SettingsDeps } from '#settings';
import type { CSV_TABLES } from '../../site-metrics.ts';
import { lineWith, numbersWith } from '../../http/scope.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { CONFIRMATION_ID_SUPPORT, CONFIRMATION_PASSWORD_SUPPORT } from '../../ui/access-sentences.ts';
import { menuTrail } from '../../ui/menu-trail.ts';
import { serviceName, servicePath, SERVICES } from '../services/service-trail.ts';

/** What stands behind the tables. */
export interface TableParts {
  readonly access: AccessDeps;
  readonly settings: SettingsDeps;
}

/** A page that sets many numbers by CSV. */
export interface CsvPage {
  readonly holds: (typeof CSV_TABLES)[number];
  readonly path: string;
  /** The name that the file is saved under. */
  readonly fileName: string;
  readonly heading: (brand: Brand) => string;
  readonly trail: (brand: Brand) => readonly Link[];
  /** The table of what this login may set; 404 where it may set nothing of it. */
  readonly table: (parts: TableParts, request: SiteRequest) => BulkTable;
  /** What the columns hold, a sentence each. */
  readonly columns: readonly string[];
  /** What else to know before it is set. */
  readonly remark?: string;
}

const CALL_NOTICES: CsvPage = {
  holds: 'call-notice',
  path: '/services/call-notice/csv',
  fileName: 'call-notice.csv',
  heading: (brand) => `${serviceName(brand, 'call-notice')}の一括設定`,
  trail: (brand) => [
    ...menuTrail(brand),
    SERVICES,
    { href: '/services/call-notice', text: serviceName(brand, 'call-notice') },
  ],
  table: ({ settings }, request) => {
    const { subscriber } = subscriberLoginOf(request);
    const numbers = numbersWith(subscriber, 'call-notice');
    if (numbers.length === 0) throw new PageError('not-found');
    return callNoticeTable(settings, subscriber.line, numbers);
  },
  columns: [
    '開始：サービスを開始するときは1、停止するときは0',
    '対象のみ：お知らせ対象電話番号からの着信のみお知らせするときは1、しないときは0',
    '未応答のみ：応答できなかった着信のみお知らせするときは1、しないときは0',
    'アドレス、送信：送信先メールアドレスと、送信するときは1、しないときは0',
    '対象、指定：お知らせ対象電話番号と、指定するときは1、しないときは0',
  ],
};

const DESTINATIONS: CsvPage = {
  holds: 'bulk-transfer',
  path: '/line/bulk-transfer/csv',
  fileName: 'bulk-transfer.csv',
  heading: () => '転送先電話番号の一括設定',
  trail: (brand) => [
    ...menuTrail(brand),
    SERVICES,
    { href: servicePath('bulk-transfer', ''), text: serviceName(brand, 'bulk-transfer') },
  ],
  table: ({ settings }, request) => {
    lineWith(request, 'bulk-transfer');
    const { line, numbers } = subscriberLoginOf(request).subscriber;
    return bulkTransferTable(settings, line, numbers);
  },
  columns: ['転送先電話番号：市外局番から10桁または11桁。空欄にすると、転送先がなくなります'],
};

const ONE_TIME: CsvPage = {
  holds: 'one-time-password',
  path: '/one-time-password/csv',
  fileName: 'one-time-password.csv',
  heading: () => 'ワンタイムパスワード各種一括設定',
  trail: menuTrail,
  table: ({ access }, request) => oneTimeTable(access, subscriberLoginOf(request)),
  columns: [
    'ワンタイムパスワード利用設定：利用するときは1、利用しないときは0',
    'ワンタイムパスワード受信用メールアドレス：利用するときは必ず入力してください',
    `確認用ID：${CONFIRMATION_ID_SUPPORT}`,
    `確認用パスワード：変更するときだけ入力してください。ダウンロードしたファイルでは空欄です。1つのファイルで変更できるのは${MOST_NEW_PASSWORDS}件までです。${CONFIRMATION_PASSWORD_SUPPORT}`,
  ],
  remark:
    'メールアドレスは、一括設定するとすぐに変わります。本登録のメールはお送りしませんので、間違いがないことをご確認ください。変更前と変更後のアドレスには、変更をメールでお知らせします。',
};

/** The pages, by their paths. */
export const CSV_PAGES: ReadonlyMap<string, CsvPage> = new Map(
  [CALL_NOTICES, DESTINATIONS, ONE_TIME].map((page) => [page.path, page]),
);
