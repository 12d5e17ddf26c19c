import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import {
  countLogin,
  createSparingLogIn,
  findLogin,
  hasFullWidth,
  logOut,
  sendCode,
  type AccessDeps,
  type LoginResult,
  type LoginTry,
} from '#access';
import { type FieldErrors, type PageContent, type SeeOther, tooEarly } from '#pages';
import type { Logger } from '#platform';
import { homeOf } from '../../http/admit.ts';
import { cookiesOfPending, loginCookies } from '../../http/login-cookies.ts';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import type { SiteMetrics } from '../../site-metrics.ts';
import { ACCESS, LOGGER, METRICS } from '../../tokens.ts';
import { laterSentence } from '../../ui/access-sentences.ts';
import { selfCareMenuPage, selfCarePage, selfCareNoticeOf } from './view.tsx';

export const SELF_CARE_ROUTES: readonly PageRoute[] = [
  { path: '/self-care', methods: ['GET', 'POST'], who: 'open' },
  { path: '/self-care/menu', methods: ['GET'], who: ['self-care'] },
];

const REFUSED =
  'セルフケアIDまたはセルフケアパスワードが正しくないか、無効になっています。「サービス開始のご案内」をご確認のうえ、もう一度入力してください。';

/** A14: the self-care login of the IP phone service. */
@Controller()
export class SelfCareController {
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
    this.#logIn = (login) => countLogin(metrics, 'self-care', logIn(login));
  }

  @Get('/self-care')
  show(@Req() { login, query }: SiteRequest): PageContent | SeeOther {
    if (login && !login.subscriber) return { seeOther: homeOf(login) };
    return { ...selfCarePage({ id: '' }), ...selfCareNoticeOf(query.get('why')) };
  }

  @Post('/self-care')
  async logIn(@Req() { form, headers, ip = '' }: SiteRequest): Promise<PageContent | SeeOther> {
    const [id, password] = [form.value('id').normalize('NFKC').trim(), form.value('password')];
    const again = (errors: FieldErrors): PageContent => selfCarePage({ id, errors });
    const wrong = typingErrors(id, password);
    if (wrong) return again(wrong);
    const { browser, login } = loginCookies(headers);
    const result = await this.#logIn({ as: { selfCareId: id }, password, browser, source: ip });
    // An id is any text that somebody typed, perhaps a password: it is not logged.
    this.#logger.info({ result: result.kind }, 'a self-care login was tried');
    if (result.kind === 'refused') return again({ '': REFUSED });
    if (!('secret' in result)) return tooEarly(again({ '': laterSentence(result) }), result.seconds);
    // Whoever logs in anew in a browser has left the login that it had.
    await logOut(this.#access, login);
    // Nothing is asked before the code is mailed; where that is not possible now, the page has a button for it.
    const found = await findLogin(this.#access, { login: result.secret, browser });
    if (found.kind === 'found') await sendCode(this.#access, found.login).catch(orLater);
    return { seeOther: '/self-care/code', cookies: cookiesOfPending(result.secret) };
  }

  @Get('/self-care/menu')
  menu(@Req() { brand }: SiteRequest): PageContent {
    return selfCareMenuPage(brand);
  }
}

/** What is away now may be there when the button is pressed. */
function orLater(error: unknown): void {
  if (!(error instanceof Error && 'retryable' in error && error.retryable === true)) throw error;
}

/** What can be seen to be wrong without trying; it costs no try (A3). */
function typingErrors(id: string, password: string): FieldErrors | undefined {
  const errors: Record<string, string> = {};
  if (!/^[\w-]{1,32}$/.test(id)) errors['id'] = 'セルフケアIDを入力してください。';
  if (password === '') errors['password'] = 'セルフケアパスワードを入力してください。';
  else if (hasFullWidth(password))
    errors['password'] = 'セルフケアパスワードに全角文字が含まれています。半角で入力してください。';
  return Object.keys(errors).length > 0 ? errors : undefined;
}
