import { Controller, Get, Inject, Req } from '@nestjs/common';
import { daysLeft, otherUnits, type AccessDeps } from '#access';
import type { PageContent } from '#pages';
import type { PageRoute } from '../../http/page-route.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { ACCESS } from '../../tokens.ts';
import { menuPage } from './view.tsx';

export const MENU_ROUTES: readonly PageRoute[] = [{ path: '/menu', methods: ['GET'], who: ['in'] }];

/** A13: the top page of who is logged in. */
@Controller()
export class MenuController {
  readonly #access: AccessDeps;

  constructor(@Inject(ACCESS) access: AccessDeps) {
    this.#access = access;
  }

  @Get('/menu')
  show(@Req() request: SiteRequest): PageContent {
    const { account, subscriber } = subscriberLoginOf(request);
    const { policyOf, now } = this.#access;
    const { password, oneTime } = account;
    return menuPage({
      brand: request.brand,
      subscriber,
      daysLeft: password ? daysLeft(password.changedAt, policyOf(subscriber.line.brand), now()) : undefined,
      mayChangeUnit: otherUnits(subscriber).length > 0,
      usesOneTime: oneTime.use === true,
      hasConfirmation: oneTime.confirmation !== null,
    });
  }
}
