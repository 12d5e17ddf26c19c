import type { Subscriber } from '#access';
import type { Brand } from '#mail';
import { type Link, LinkList, type PageContent } from '#pages';
import { isContracted } from '#rules';
import { menuTrail } from '../../ui/menu-trail.ts';
import { serviceName, type PageService } from './service-trail.ts';

/** The services with pages of their own, in the order of the pages, and what each is for. */
const SERVICES: readonly (readonly [PageService, string])[] = [
  ['call-notice', '電話の着信があったことを、メールでお知らせします。'],
  ['fax-notice', 'FAXを受信したことを、メールでお知らせします。'],
  ['fault-notice', '回線の故障と回復を、メールでお知らせします。'],
  ['bulk-transfer', '災害などのときに、契約回線の電話番号をまとめて転送します。'],
  ['voice-warp', 'かかってきた電話を、ほかの電話へ転送します。'],
];

/** The services that are contracted for a number which a login may set (A1, A13). */
export function servicesOf(subscriber: Subscriber): readonly PageService[] {
  const { numbers, line } = subscriber;
  return SERVICES.map(([service]) => service).filter((service) =>
    numbers.some((number) => isContracted(line, number, service)),
  );
}

/** A link for each of them, by the brand's name of it (A13). */
export function serviceLinks(
  brand: Brand,
  subscriber: Subscriber,
): readonly (Link & { readonly description: string })[] {
  const contracted = servicesOf(subscriber);
  return SERVICES.filter(([service]) => contracted.includes(service)).map(([service, description]) => ({
    href: `/services/${service}`,
    text: serviceName(brand, service),
    description,
  }));
}

/** サービス選択: the services contracted. */
export function servicesPage(brand: Brand, subscriber: Subscriber): PageContent {
  return {
    heading: 'サービス選択',
    trail: menuTrail(brand),
    body: (
      <>
        <p>設定するサービスを選んでください。ご契約内容により、表示されるサービスが異なります。</p>
        <LinkList links={serviceLinks(brand, subscriber)} />
      </>
    ),
  };
}
