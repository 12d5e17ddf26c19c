import { Controller, Get, Req } from '@nestjs/common';
import { PageError } from '../../http/page-error.ts';
import type { PageRoute } from '../../http/route-table.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import type { PageContent } from '../../ui/page-content.ts';
import { comingPage, serviceLinks, servicesPage } from './view.tsx';

export const SERVICES_ROUTES: readonly PageRoute[] = [
  { path: '/services', methods: ['GET'], who: ['in'] },
  { path: '/services/:service', methods: ['GET'], who: ['in'] },
  { path: '/history', methods: ['GET'], who: ['in'] },
  { path: '/one-time-password/csv', methods: ['GET'], who: ['in'] },
];

/** A13: the services contracted. Their own pages are not there yet. */
@Controller()
export class ServicesController {
  @Get('/services')
  show(@Req() request: SiteRequest): PageContent {
    return servicesPage(request.brand, subscriberLoginOf(request).subscriber);
  }

  @Get('/services/:service')
  service(@Req() request: SiteRequest): PageContent {
    const { brand, params } = request;
    const links = serviceLinks(brand, subscriberLoginOf(request).subscriber);
    const found = links.find(({ href }) => href === `/services/${params['service'] ?? ''}`);
    if (!found) throw new PageError('not-found');
    return comingPage(brand, found.text, { href: '/services', text: 'サービス選択' });
  }

  @Get('/history')
  history(@Req() { brand }: SiteRequest): PageContent {
    return comingPage(brand, 'お知らせ履歴');
  }

  @Get('/one-time-password/csv')
  csv(@Req() { brand }: SiteRequest): PageContent {
    return comingPage(brand, 'ワンタイムパスワード各種一括設定');
  }
}
