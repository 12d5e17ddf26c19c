import { isContracted, type DecidingSetting } from '#rules';
import type { Subscriber } from '#access';
import type { Link } from '#pages';
import { servicePath, type PageService } from '../services/service-trail.ts';

/** The service whose settings decide on an event, by its kind; the others are sent whatever is set. */
const SERVICES: ReadonlyMap<string, PageService> = new Map([
  ['call', 'call-notice'],
  ['fax', 'fax-notice'],
  ['fault', 'fault-notice'],
  ['recovery', 'fault-notice'],
]);

const PAGES: Readonly<Record<DecidingSetting, string>> = {
  service: 'サービス開始／停止',
  conditions: 'メール送信条件設定',
  'target-callers': 'お知らせ対象電話番号設定',
  recipients: '送信先メールアドレス設定',
};

/** Whose settings, for an event of which kind. */
export interface Decided {
  readonly line: Subscriber['line'];
  readonly number: string;
  readonly kind: string;
}

/** Links to the pages of these settings (V6, V7); none for a kind that nothing is set for, or what is not contracted. */
export function settingLinks(
  settings: readonly DecidingSetting[],
  { line, number, kind }: Decided,
): readonly Link[] {
  const service = SERVICES.get(kind);
  if (service === undefined || !isContracted(line, number, service)) return [];
  return settings.map((setting) => ({
    href: `${servicePath(service, number)}/${setting}`,
    text: PAGES[setting],
  }));
}
