import { Controller, Get, Req } from '@nestjs/common';
import { type PageContent, PageError } from '#pages';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { isHelpTopic } from './help-of-path.ts';
import { helpPage, helpTopicPage } from './view.tsx';

export const HELP_ROUTES: readonly PageRoute[] = [
  { path: '/help', methods: ['GET'], who: 'open' },
  { path: '/help/:topic', methods: ['GET'], who: 'open' },
];

/** ヘルプ: how to set each service and how to log in, for everybody. */
@Controller()
export class HelpController {
  @Get('/help')
  index(@Req() { brand }: SiteRequest): PageContent {
    return helpPage(brand);
  }

  @Get('/help/:topic')
  topic(@Req() { brand, params }: SiteRequest): PageContent {
    const topic = params['topic'] ?? '';
    if (!isHelpTopic(topic)) throw new PageError('not-found');
    return helpTopicPage(brand, topic);
  }
}
