import { Controller, Get, Inject, Req } from '@nestjs/common';
import { type PageContent, PageError } from '#pages';
import type { OutcomeHistory } from '#redis';
import type { PageRoute } from '../../http/page-route.ts';
import { numberInPath } from '../../http/scope.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { HISTORY } from '../../tokens.ts';
import { historyPage } from './view.tsx';

const PATH = '/numbers/:number/history';

export const HISTORY_ROUTES: readonly PageRoute[] = [{ path: PATH, methods: ['GET'], who: ['in'] }];

/** More would be a page that a phone scrolls through for ever. */
const ITEMS_OF_A_PAGE = 50;

/** V6: what became of the calls, FAXes and faults of a number. */
@Controller()
export class HistoryController {
  readonly #history: OutcomeHistory;

  constructor(@Inject(HISTORY) history: OutcomeHistory) {
    this.#history = history;
  }

  @Get(PATH)
  async show(@Req() request: SiteRequest): Promise<PageContent> {
    const number = numberInPath(request);
    const cursor = request.query.get('cursor') ?? undefined;
    const page = await this.#history.ofNumber({
      number,
      limit: ITEMS_OF_A_PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    if (!page) throw new PageError('not-found');
    const { brand } = request;
    const { subscriber } = subscriberLoginOf(request);
    return historyPage({ brand, subscriber, number, page, isFirst: cursor === undefined });
  }
}
