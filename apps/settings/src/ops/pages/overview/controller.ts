import { Controller, Get, Inject } from '@nestjs/common';
import type { PageContent } from '#pages';
import { FLOW } from '../../../tokens.ts';
import type { Flow } from '../../flow/look-at-flow.ts';
import type { OpsRoute } from '../../http/ops-request.ts';
import { overviewPage } from './view.tsx';

export const OVERVIEW_ROUTES: readonly OpsRoute[] = [{ path: '/ops', methods: ['GET'], who: 'operator' }];

/** What flows now. */
@Controller()
export class OverviewController {
  readonly #flow: () => Promise<Flow>;

  constructor(@Inject(FLOW) flow: () => Promise<Flow>) {
    this.#flow = flow;
  }

  @Get('/ops')
  async show(): Promise<PageContent> {
    return overviewPage(await this.#flow());
  }
}
