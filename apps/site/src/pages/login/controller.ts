import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import {
  countLogin,
  createSparingLogIn,
  hasFullWidth,
  logOut,
  type AccessDeps,
  type LoginResult,
  type LoginTry,
} from '#access';
import {
  type FieldErrors,
  type Json,
  nextPath,
  type PageContent,
  type SeeOther,
  tooEarly,
  withNext,
} from '#pages';
import type { Logger } from '#platform';
import { parseSubscriberNumber } from '#rules';
import { homeOf } from '../../http/admit.ts';
import { cookiesOfPending, cookiesOfSession, loginCookies, NO_LOGIN } from '../../http/login-cookies.ts';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import type { SiteMetrics } from '../../site-metrics.ts';
import { ACCESS, LOGGER, METRICS } from '../../tokens.ts';
import { laterSentence } from '../../ui/access-sentences.ts';
import { sentence } from '../../ui/sentences.ts';
import { loginPage, noticeOf } from './view.tsx';

export const LOGIN_ROUTES: readonly PageRoute[] = [
  { path: '/login', methods: ['GET', 'POST'], who: 'open' },
  { path: '/logout', methods: ['POST'], who: 'open' },
  { path: '/session', methods: ['POST'], who: ['in', 'self-care'] },
];

/** What every refusal says: nobody learns from it whether the number is known (A3). */
const REFUSED =
  '電話番号またはパスワードが正しくないか、パスワードが無効になっています。もう一度入力するか、仮パスワードを設定し直してください。';

/** A1, A3, A12: the way in, and the way out. */
@Controller()
export class LoginController {
  readonly #access: AccessDeps;
  readonly #logger: Logger;
  readonly #logIn: (login: LoginTry) => Promise<LoginResult>;

  constructor(
    @Inject(ACCESS) access: AccessDeps,
    @Inject(METRICS) metrics: SiteMetrics,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#access = access;
    this.#logger = logger;
    const logIn = createSparingLogIn(access);
    this.#logIn = (login) => countLogin(metrics, 'subscriber', logIn(login));
  }

  @Get('/login')
  show(@Req() { brand, login, query }: SiteRequest): PageContent | SeeOther {
    if (login) return { seeOther: homeOf(login) };
    return { ...loginPage({ brand, number: '', next: nextPath(query) }), ...noticeOf(query.get('why')) };
  }

  @Post('/login')
  async logIn(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const { brand, form, headers, ip = '' } = request;
    const [typed, password] = [form.value('number'), form.value('password')];
    const next = nextPath({ get: form.value });
    const again = (errors: FieldErrors): PageContent => loginPage({ brand, number: typed, next, errors });
    const number = parseSubscriberNumber(typed);
    const wrong = typingErrors(number, password);
    if (wrong || !number.ok) return again(wrong ?? {});
    const cookies = loginCookies(headers);
    const as = { number: number.number };
    const result = await this.#logIn({ as, password, browser: cookies.browser, source: ip });
    this.#logger.info({ number: number.number, result: result.kind }, 'a login was tried');
    if (result.kind === 'in' || result.kind === 'pending') {
      // Whoever logs in anew in a browser has left the login that it had.
      await logOut(this.#access, cookies.login);
      return arrive(result, next);
    }
    if (result.kind === 'refused') return again({ '': REFUSED });
    return tooEarly(again({ '': laterSentence(result) }), result.seconds);
  }

  @Post('/logout')
  async logOut(@Req() { headers, login }: SiteRequest): Promise<SeeOther> {
    await logOut(this.#access, loginCookies(headers).login);
    const isSelfCare = login !== undefined && login.subscriber === undefined;
    return {
      seeOther: isSelfCare ? '/self-care?why=log-out' : '/login?why=log-out',
      cookies: NO_LOGIN,
      // Never "cookies": that would forget the browser's, which a stranger's tries cannot shut out (A3).
      headers: { 'clear-site-data': '"cache", "storage"' },
    };
  }

  /** Prolongs the session, which finding it has done already (A12). */
  @Post('/session')
  prolong(@Req() { shownLogin }: SiteRequest): Json {
    return { json: { secondsLeft: shownLogin?.secondsLeft ?? 0 } };
  }
}

/** Where a login goes: to the page it was asked for, or to what it has to do first. */
function arrive(result: Extract<LoginResult, { secret: string }>, next: string): SeeOther {
  if (result.kind === 'in')
    return { seeOther: next || '/menu', cookies: cookiesOfSession(result.secret, result.browser) };
  const seeOther = result.stage === 'code' ? withNext('/code', next) : '/login';
  return { seeOther, cookies: cookiesOfPending(result.secret) };
}

/** What can be seen to be wrong without trying; it costs no try (A3). */
function typingErrors(
  number: ReturnType<typeof parseSubscriberNumber>,
  password: string,
): FieldErrors | undefined {
  const errors: Record<string, string> = {};
  if (!number.ok) errors['number'] = sentence(number.problems[0]?.code ?? '');
  if (password === '') errors['password'] = 'パスワードを入力してください。';
  else if (hasFullWidth(password))
    errors['password'] = 'パスワードに全角文字が含まれています。半角英数字で入力してください。';
  return Object.keys(errors).length > 0 ? errors : undefined;
}
