import { Controller, Get, Req } from '@nestjs/common';
import type { PageRoute } from '../../http/route-table.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import type { PageContent } from '../../ui/page-content.ts';
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
