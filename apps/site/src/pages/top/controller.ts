import { Controller, Get, Req } from '@nestjs/common';
import type { PageContent } from '#pages';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { topPage } from './view.tsx';

export const TOP_ROUTES: readonly PageRoute[] = [{ path: '/', methods: ['GET'], who: 'open' }];

/** What the site is, and where to begin. */
@Controller()
export class TopController {
  @Get('/')
  show(@Req() { brand }: SiteRequest): PageContent {
    return topPage(brand);
  }
}
