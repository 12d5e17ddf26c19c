import { Controller, Get, Inject } from '@nestjs/common';
import type { PageContent } from '#pages';
import type { RecentOutcomes } from '../../../outcomes/recent-outcomes.ts';
import { RECENT_OUTCOMES } from '../../../tokens.ts';
import type { OpsRoute } from '../../http/ops-request.ts';
import { carriersPage } from './view.tsx';

export const CARRIERS_ROUTES: readonly OpsRoute[] = [
  { path: '/ops/carriers', methods: ['GET'], who: 'operator' },
];

/** What fails where, by carrier. */
@Controller()
export class CarriersController {
  readonly #recent: RecentOutcomes;

  constructor(@Inject(RECENT_OUTCOMES) recent: RecentOutcomes) {
    this.#recent = recent;
  }

  @Get('/ops/carriers')
  show(): PageContent {
    return carriersPage(this.#recent.carriers(), this.#recent.since);
  }
}
