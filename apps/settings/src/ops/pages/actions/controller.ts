import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { RecordedAction } from '#events';
import type { PageContent } from '#pages';
import { parseSubscriberNumber } from '#rules';
import { ACTIONS } from '../../../tokens.ts';
import type { OpsRequest, OpsRoute } from '../../http/ops-request.ts';
import type { Recent } from '../../recent.ts';
import { ACTIONS_PATH } from '../../paths.ts';
import { actionsPage } from './view.tsx';

export const ACTIONS_ROUTES: readonly OpsRoute[] = [
  { path: ACTIONS_PATH, methods: ['GET'], who: 'operator' },
];

/** So many of the newest actions are looked through. */
export const ACTIONS_BOUND = 1_000;

/** Who did what (O6). */
@Controller()
export class ActionsController {
  readonly #actions: Recent<readonly RecordedAction[]>;

  constructor(@Inject(ACTIONS) actions: Recent<readonly RecordedAction[]>) {
    this.#actions = actions;
  }

  @Get(ACTIONS_PATH)
  async show(@Req() { query }: OpsRequest): Promise<PageContent> {
    const by = (query.get('by') ?? '').trim();
    const subject = (query.get('subject') ?? '').trim();
    const number = parseSubscriberNumber(subject);
    const about = number.ok ? number.number : subject;
    const actions = (await this.#actions.lately()).filter(
      (one) => (by === '' || one.by === by) && (about === '' || one.subject === about),
    );
    return actionsPage({ actions, bound: ACTIONS_BOUND, by, subject });
  }
}
