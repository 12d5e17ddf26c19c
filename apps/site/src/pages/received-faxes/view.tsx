import type { VNode } from 'preact';
import { japanTimeToTheSecond } from '#events';
import { shownNumber, WITHHELD_REASONS } from '#mail';
import { type Link, type PageContent, shownDay, shownSecond, Way, Ways } from '#pages';
import type { ReceivedFax } from '#redis';
import type { SiteRequest } from '../../http/site-request.ts';
import { serviceName, servicePath, serviceTrail } from '../services/service-trail.ts';

const HEADING = '受信FAX内容確認';
const PER_PAGE = 50;

/** Where the FAXes that a number received are listed. */
const listPath = (number: string): string => `${servicePath('fax-notice', number)}/received`;

/** What the list shows. */
export interface ReceivedFaxList {
  readonly number: string;
  /** Newest first. */
  readonly faxes: readonly ReceivedFax[];
  /** Which page, as the address says it, from 1. */
  readonly page: number;
  /** Whether there is a store to open documents from. */
  readonly hasDocuments: boolean;
}

/** 受信FAX内容確認: the FAXes that a number received, by day, each with what opens and saves it (F2). */
export function receivedFaxesPage(request: SiteRequest, list: ReceivedFaxList): PageContent {
  const { number, faxes, hasDocuments } = list;
  const pages = Math.max(1, Math.ceil(faxes.length / PER_PAGE));
  const page = Math.min(Math.max(list.page, 1), pages);
  const from = (page - 1) * PER_PAGE;
  const shown = faxes.slice(from, from + PER_PAGE);
  const range = pages > 1 ? `${faxes.length}件のうち、${from + 1}～${from + shown.length}件目です。` : '';
  return {
    heading: HEADING,
    trail: serviceTrail(request, 'fax-notice', { number, isBelow: true }),
    number,
    body: (
      <>
        {shown.length === 0 ? (
          <p>最近30日間に受信したFAXはありません。</p>
        ) : (
          <p>{`最近30日間に受信したFAXです。新しいものから順に表示しています。${range}`}</p>
        )}
        {!hasDocuments && <p>ただいま、FAXの内容の表示と保存はご利用いただけません。</p>}
        {Array.from(byDay(shown), ([day, ofDay]) => (
          <section key={day}>
            <h2>{day}</h2>
            <ul class="events">
              {ofDay.map((fax) => (
                <Entry key={`${fax.at} ${fax.documentId}`} fax={fax} hasDocument={hasDocuments} />
              ))}
            </ul>
          </section>
        ))}
        <Ways links={pageLinks(listPath(number), page, pages)} />
        <Way
          href={servicePath('fax-notice', number)}
        >{`${serviceName(request.brand, 'fax-notice')}へ戻る`}</Way>
      </>
    ),
  };
}

/** The page of a document that its store does not have. */
export function missingDocumentPage(request: SiteRequest, number: string): PageContent {
  const list = { href: listPath(number), text: HEADING };
  return {
    heading: 'FAXの内容が見つかりません',
    trail: [...serviceTrail(request, 'fax-notice', { number, isBelow: true }), list],
    number,
    status: 404,
    body: (
      <>
        <p>このFAXの内容は、保存期間が過ぎたか、まだ届いていないため、表示できません。</p>
        <p>受信したばかりのFAXは、しばらくしてからもう一度お試しください。</p>
        <Way href={list.href}>{`${HEADING}へ戻る`}</Way>
      </>
    ),
  };
}

/** The FAXes of each day in Japan, in their order. */
function byDay(faxes: readonly ReceivedFax[]): ReadonlyMap<string, readonly ReceivedFax[]> {
  return Map.groupBy(faxes, ({ at }) => shownDay(at));
}

function Entry({ fax, hasDocument }: { fax: ReceivedFax; hasDocument: boolean }): VNode {
  const { at, pages, complete, calledNumber, documentId } = fax;
  const href = `${listPath(calledNumber)}/${encodeURIComponent(documentId)}`;
  const [time, sender] = [shownSecond(at), shownSender(fax)];
  // Which of them, for those who hear the links without what stands beside them.
  const which = `${shownDay(at)} ${time} ${sender}`;
  return (
    <li>
      <p class="event">
        <time dateTime={japanTimeToTheSecond(at)}>{time}</time>
      </p>
      <p>
        送信元：<span class="nobr">{sender}</span>
      </p>
      <p>{complete ? `${pages}枚` : `${pages}枚（途中で切断）`}</p>
      {hasDocument && (
        <p class="ways">
          <a href={href} aria-label={`開く ${which}`}>
            開く
          </a>
          <a href={`${href}?save=1`} aria-label={`保存 ${which}`}>
            保存
          </a>
        </p>
      )}
    </li>
  );
}

/** Who sent it: the number, or 非通知 and why (C11). */
function shownSender({ sender }: ReceivedFax): string {
  if ('withheld' in sender) return `非通知（${WITHHELD_REASONS[sender.withheld]}）`;
  const shown = shownNumber(sender.number);
  return sender.number.startsWith('+') ? `${shown}（国際電話）` : shown;
}

function pageLinks(path: string, page: number, pages: number): readonly Link[] {
  return [
    ...(page > 1 ? [{ href: `${path}?page=${page - 1}`, text: `前の${PER_PAGE}件` }] : []),
    ...(page < pages ? [{ href: `${path}?page=${page + 1}`, text: `次の${PER_PAGE}件` }] : []),
  ];
}
