import { Controller, Get, Inject, Req } from '@nestjs/common';
import { PageError, type PageContent } from '#pages';
import type { OutcomeHistory } from '#redis';
import { parseSubscriberNumber, type ScreeningNames } from '#rules';
import type { RecentOutcomes } from '../../../outcomes/recent-outcomes.ts';
import { OPS_HISTORY, RECENT_OUTCOMES, WORDS } from '../../../tokens.ts';
import type { OpsRequest, OpsRoute } from '../../http/ops-request.ts';
import { OUTCOMES_PATH } from '../../paths.ts';
import { outcomesPage, type ShownOutcomes } from './view.tsx';

export const OUTCOMES_ROUTES: readonly OpsRoute[] = [
  { path: OUTCOMES_PATH, methods: ['GET'], who: 'operator' },
];

/** More would be a page that a phone scrolls through for ever. */
const ITEMS_OF_A_PAGE = 50;
/** Longer than an event's id may be. */
export const LONGEST_QUERY = 1_024;

/** Where outcomes are searched. */
export type SearchedHistory = Pick<OutcomeHistory, 'ofNumber' | 'ofEvent'>;

/** The last outcomes, and those of a number or an event. */
@Controller()
export class OpsOutcomesController {
  readonly #history: SearchedHistory;
  readonly #recent: RecentOutcomes;
  readonly #words: ScreeningNames;

  constructor(
    @Inject(OPS_HISTORY) history: SearchedHistory,
    @Inject(RECENT_OUTCOMES) recent: RecentOutcomes,
    @Inject(WORDS) words: ScreeningNames,
  ) {
    this.#history = history;
    this.#recent = recent;
    this.#words = words;
  }

  @Get(OUTCOMES_PATH)
  async show(@Req() { query }: OpsRequest): Promise<PageContent> {
    const asked = (query.get('q') ?? '').trim();
    const words = this.#words;
    if (asked.length > LONGEST_QUERY) {
      const errors = { q: `${LONGEST_QUERY}文字以内で入力してください。` };
      return outcomesPage({ query: '', items: [], nextCursor: null, words, errors });
    }
    return outcomesPage({ query: asked, words, ...(await this.#find(asked, query.get('cursor'))) });
  }

  async #find(asked: string, cursor: string | null): Promise<Pick<ShownOutcomes, 'items' | 'nextCursor'>> {
    if (asked === '') {
      const newest = this.#recent.newest().slice(0, ITEMS_OF_A_PAGE);
      return { items: newest.map(({ outcome }) => outcome), nextCursor: null };
    }
    const ofEvent = await this.#history.ofEvent(asked);
    const number = parseSubscriberNumber(asked);
    if (ofEvent.length > 0 || !number.ok) return { items: ofEvent, nextCursor: null };
    const page = await this.#history.ofNumber({
      number: number.number,
      limit: ITEMS_OF_A_PAGE,
      ...(cursor !== null && { cursor }),
    });
    if (!page) throw new PageError('not-found');
    return page;
  }
}
