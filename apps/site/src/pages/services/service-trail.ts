import type { Brand } from '#mail';
import type { Link } from '#pages';
import { isOfLine, type Service } from '#rules';
import { numbersWith } from '../../http/scope.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { menuTrail } from '../../ui/menu-trail.ts';

/** The services with pages of their own; the IP phone's password is changed after another login (V4). */
export type PageService = Exclude<Service, 'ip-phone'>;

/** A service as the brand calls it (B1). */
export function serviceName({ services, words }: Brand, service: PageService): string {
  switch (service) {
    case 'call-notice':
      return services.call.name;
    case 'fax-notice':
      return services.fax.name;
    case 'fault-notice':
      return `${services.fault.name}機能`;
    case 'bulk-transfer':
      return '一括転送機能';
    case 'voice-warp':
      return words.voiceWarp;
  }
}

/** Where a service of a number is set; a line's own services have one place. */
export function servicePath(service: PageService, number: string): string {
  return isOfLine(service) ? `/line/${service}` : `/numbers/${number}/${service}`;
}

/**
 * The pages above one of a number's service: the menu, then the choice of the number, or of the service where there is
 * one number, then, for the pages below it, the service itself.
 */
export function serviceTrail(
  request: SiteRequest,
  service: PageService,
  { number, isBelow }: { readonly number: string; readonly isBelow: boolean },
): readonly Link[] {
  const { brand } = request;
  const { subscriber } = subscriberLoginOf(request);
  const choosesNumber = numbersWith(subscriber, service).length > 1;
  return [
    ...menuTrail(brand),
    choosesNumber ? { href: `/services/${service}`, text: '電話番号選択' } : SERVICES,
    ...(isBelow ? [{ href: servicePath(service, number), text: serviceName(brand, service) }] : []),
  ];
}

/** The link to サービス選択. */
export const SERVICES: Link = { href: '/services', text: 'サービス選択' };
