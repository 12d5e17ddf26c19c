import { Controller, Get, Req } from '@nestjs/common';
import { type PageContent, PageError, type SeeOther } from '#pages';
import type { PageRoute } from '../../http/page-route.ts';
import { numbersWith } from '../../http/scope.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { menuTrail } from '../../ui/menu-trail.ts';
import { numbersPage, type NumberChoice } from './numbers-page.tsx';
import { serviceName, servicePath, SERVICES } from './service-trail.ts';
import { servicesOf, servicesPage } from './view.tsx';

export const SERVICES_ROUTES: readonly PageRoute[] = [
  { path: '/services', methods: ['GET'], who: ['in'] },
  { path: '/services/:service', methods: ['GET'], who: ['in'] },
  { path: '/history', methods: ['GET'], who: ['in'] },
];

/** A13, C14: the services contracted, and the choice of the number to set or to look at. */
@Controller()
export class ServicesController {
  @Get('/services')
  show(@Req() request: SiteRequest): PageContent {
    return servicesPage(request.brand, subscriberLoginOf(request).subscriber);
  }

  @Get('/services/:service')
  service(@Req() request: SiteRequest): PageContent | SeeOther {
    const { brand, params } = request;
    const { subscriber } = subscriberLoginOf(request);
    const service = servicesOf(subscriber).find((one) => one === params['service']);
    if (service === undefined) throw new PageError('not-found');
    return chosen(request, {
      path: `/services/${service}`,
      trail: [...menuTrail(brand), SERVICES],
      lead: `${serviceName(brand, service)}を設定する電話番号を選んでください。`,
      numbers: numbersWith(subscriber, service),
      pathOf: (number) => servicePath(service, number),
      csv: service === 'call-notice' ? '/services/call-notice/csv' : undefined,
    });
  }

  @Get('/history')
  history(@Req() request: SiteRequest): PageContent | SeeOther {
    return chosen(request, {
      path: '/history',
      trail: menuTrail(request.brand),
      lead: 'お知らせ履歴を確認する電話番号を選んでください。',
      numbers: subscriberLoginOf(request).subscriber.numbers,
      pathOf: (number) => `/numbers/${number}/history`,
    });
  }
}

/** The choice, where there is one. */
function chosen({ query }: SiteRequest, choice: Omit<NumberChoice, 'searched'>): PageContent | SeeOther {
  const [first = '', second] = choice.numbers;
  if (second === undefined) return { seeOther: choice.pathOf(first) };
  return numbersPage({ ...choice, searched: query.get('number') ?? undefined });
}
