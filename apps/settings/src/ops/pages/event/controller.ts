import { Controller, Get, Inject, Req } from '@nestjs/common';
import pLimit from 'p-limit';
import type { Story } from '#operations';
import { PageError, type PageContent, type SeeOther } from '#pages';
import type { ScreeningNames } from '#rules';
import { TELL_STORY, WORDS } from '../../../tokens.ts';
import type { OpsRequest, OpsRoute } from '../../http/ops-request.ts';
import { OUTCOMES_PATH } from '../../paths.ts';
import { LONGEST_QUERY } from '../outcomes/controller.ts';
import { storyPage } from './view.tsx';

export const EVENT_ROUTES: readonly OpsRoute[] = [{ path: '/ops/event', methods: ['GET'], who: 'operator' }];

/** Tells what became of an event, or of the last events of a number. */
export type TellStory = (asked: { readonly id: string; readonly source?: string }) => Promise<Story>;

/** A story reads all that waits in Kafka: more at once would be a load on it. */
const AT_ONCE = 2;
const MOST_WAITING = 4;

/** One event's story, step by step; of a number, those of its newest. */
@Controller()
export class EventController {
  readonly #tell: TellStory;
  readonly #words: ScreeningNames;
  readonly #limit = pLimit(AT_ONCE);

  constructor(@Inject(TELL_STORY) tell: TellStory, @Inject(WORDS) words: ScreeningNames) {
    this.#tell = tell;
    this.#words = words;
  }

  @Get('/ops/event')
  async show(@Req() { query }: OpsRequest): Promise<PageContent | SeeOther> {
    const id = (query.get('id') ?? '').trim();
    const source = query.get('source') ?? '';
    if (id === '') return { seeOther: OUTCOMES_PATH };
    if (id.length > LONGEST_QUERY || source.length > LONGEST_QUERY) throw new PageError('not-found');
    if (this.#limit.pendingCount >= MOST_WAITING)
      throw new PageError('too-many', { headers: { 'retry-after': '10' } });
    const story = await this.#limit(() => this.#tell({ id, ...(source !== '' && { source }) }));
    return storyPage(id, story, this.#words);
  }
}
