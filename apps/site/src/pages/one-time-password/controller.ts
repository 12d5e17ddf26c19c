import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { declineOneTime, type AccessDeps } from '#access';
import type { PageContent, SeeOther } from '#pages';
import { cookiesOfSession, loginCookies } from '../../http/login-cookies.ts';
import type { PageRoute } from '../../http/page-route.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { ACCESS } from '../../tokens.ts';
import { choicePage, declinePage } from './view.tsx';

export const ONE_TIME_PASSWORD_ROUTES: readonly PageRoute[] = [
  { path: '/one-time-password', methods: ['GET', 'POST'], who: ['choose-one-time', 'in'] },
  { path: '/one-time-password/decline', methods: ['GET', 'POST'], who: ['choose-one-time', 'in'] },
];

/** A8: whether each login needs a code. */
@Controller()
export class OneTimePasswordController {
  readonly #access: AccessDeps;

  constructor(@Inject(ACCESS) access: AccessDeps) {
    this.#access = access;
  }

  @Get('/one-time-password')
  show(@Req() request: SiteRequest): PageContent {
    const { account, stage } = subscriberLoginOf(request);
    const { query } = request;
    return {
      ...choicePage({ brand: request.brand, use: account.oneTime.use, isFirst: stage !== undefined }),
      ...(query.has('declined') && { notice: 'ワンタイムパスワードを利用しない設定にしました。' }),
      ...(query.has('kept') && {
        notice: '変更はありません。ワンタイムパスワードを利用する設定のままです。',
      }),
    };
  }

  @Post('/one-time-password')
  choose(@Req() request: SiteRequest): PageContent | SeeOther {
    const { account, stage } = subscriberLoginOf(request);
    const choice = request.form.value('use');
    if (choice === 'yes' && account.oneTime.use === true) return { seeOther: '/one-time-password?kept' };
    if (choice === 'yes') return { seeOther: '/one-time-password/address' };
    if (choice === 'no') return { seeOther: '/one-time-password/decline' };
    const errors = { use: '利用するかどうかを選んでください。' };
    const { use } = account.oneTime;
    return choicePage({ brand: request.brand, use, isFirst: stage !== undefined, errors });
  }

  @Get('/one-time-password/decline')
  ask(@Req() request: SiteRequest): PageContent {
    return declinePage(request.brand, subscriberLoginOf(request).stage !== undefined);
  }

  @Post('/one-time-password/decline')
  async decline(@Req() request: SiteRequest): Promise<SeeOther> {
    const { browser } = loginCookies(request.headers);
    const result = await declineOneTime(this.#access, subscriberLoginOf(request), browser);
    if (result.kind === 'in')
      return { seeOther: '/menu', cookies: cookiesOfSession(result.secret, result.browser) };
    return { seeOther: result.kind === 'kept' ? '/one-time-password?declined' : '/login' };
  }
}
