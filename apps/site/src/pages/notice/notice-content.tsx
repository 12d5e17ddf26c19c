import type { ComponentChildren } from 'preact';
import { Facts, type Link, LinkList, type PageContent } from '#pages';
import type { SiteRequest } from '../../http/site-request.ts';
import { serviceName, servicePath, serviceTrail } from '../services/service-trail.ts';
import type { FactRows, Setting } from '../setting/setting-page.tsx';
import type { Notice } from './recipients-page.tsx';
import { startedOrStopped } from './start-page.tsx';

/** The page of a notice: what is set now, and the links to where it is set; their paths begin at the service; `warning` comes first. */
export function noticeContent(
  request: SiteRequest,
  { service, number }: Pick<Setting<Notice>, 'service' | 'number'>,
  facts: FactRows,
  links: readonly (Link & { readonly description: string })[],
  warning?: ComponentChildren,
): PageContent {
  const path = servicePath(service, number);
  return {
    heading: serviceName(request.brand, service),
    trail: serviceTrail(request, service, { number, isBelow: false }),
    number,
    body: (
      <>
        {warning}
        <section>
          <h2>現在の設定</h2>
          <Facts rows={facts} />
        </section>
        <section>
          <h2>設定する項目</h2>
          <LinkList links={links.map((link) => ({ ...link, href: `${path}/${link.href}` }))} />
        </section>
      </>
    ),
  };
}

/** What every notice has: whether it is started, and how many recipients it has. */
export function noticeFacts({ enabled, recipients }: Notice): FactRows {
  const ticked = recipients.filter((one) => one.enabled).length;
  return [
    ['サービス', startedOrStopped(enabled)],
    [
      '送信先メールアドレス',
      recipients.length === 0
        ? '設定されていません'
        : `${recipients.length}件（うち送信するもの：${ticked}件）`,
    ],
  ];
}
