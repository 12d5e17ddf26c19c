import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { confirmPair, enterCode, sendCode, type AccessDeps, type Login } from '#access';
import {
  type FieldErrors,
  nextPath,
  type PageContent,
  type SeeOther,
  shownWait,
  tooEarly,
  withNext,
} from '#pages';
import { cookiesOfPending, cookiesOfSession, loginCookies, NO_LOGIN } from '../../http/login-cookies.ts';
import type { PageRoute } from '../../http/page-route.ts';
import { loginOf, subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { ACCESS } from '../../tokens.ts';
import { digitsOf } from '../../ui/digits-of.ts';
import { codePage, pairPage, type CodeWords, ONE_TIME_PASSWORD, TWO_STEP_CODE } from './view.tsx';

export const CODE_ROUTES: readonly PageRoute[] = [
  { path: '/code', methods: ['GET', 'POST'], who: ['code'] },
  { path: '/code/send', methods: ['POST'], who: ['code'] },
  { path: '/code/address', methods: ['GET', 'POST'], who: ['code'] },
  { path: '/self-care/code', methods: ['GET', 'POST'], who: ['self-care-code'] },
  { path: '/self-care/code/send', methods: ['POST'], who: ['self-care-code'] },
];

/** A8, A10, A14: the code that a login waits for. */
@Controller()
export class CodeController {
  readonly #access: AccessDeps;

  constructor(@Inject(ACCESS) access: AccessDeps) {
    this.#access = access;
  }

  @Get(['/code', '/self-care/code'])
  show(@Req() request: SiteRequest): PageContent {
    return this.#page(loginOf(request), nextPath(request.query));
  }

  @Post(['/code/send', '/self-care/code/send'])
  async send(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const login = loginOf(request);
    const next = nextPath({ get: request.form.value });
    const result = await sendCode(this.#access, login);
    if (result.kind === 'stale') return { seeOther: '/login' };
    const cookies = cookiesOfPending(loginCookies(request.headers).login ?? '');
    if (result.kind === 'sent') return { seeOther: withNext(wordsOf(login).path, next), cookies };
    const wait = shownWait(result.seconds);
    const sentence = `${wordsOf(login).name}を続けて5通お送りしたため、あと${wait}はお送りできません。しばらくしてからお試しください。`;
    return tooEarly(this.#page(login, next, { '': sentence }), result.seconds);
  }

  @Post(['/code', '/self-care/code'])
  async enter(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const login = loginOf(request);
    const { name, home, out } = wordsOf(login);
    const code = digitsOf(request.form.value('code'));
    const next = nextPath({ get: request.form.value });
    const wrong = (sentence: string): PageContent => this.#page(login, next, { code: sentence });
    if (!/^\d{8}$/.test(code))
      return wrong(`${name}は8桁の数字です。メールに書かれた番号を入力してください。`);
    const { browser } = loginCookies(request.headers);
    const result = await enterCode(this.#access, login, { code, browser });
    switch (result.kind) {
      case 'in':
        return { seeOther: next || home, cookies: cookiesOfSession(result.secret, result.browser) };
      case 'wrong':
        return wrong(`${name}が正しくありません。最後に届いたメールの番号を入力してください。`);
      case 'expired':
        return wrong(`${name}の有効期限が切れています。もう一度送信してください。`);
      case 'not-sent':
        return wrong(`先に${name}を送信してください。`);
      case 'ended':
        return { seeOther: `${out}?why=codes-wrong`, cookies: NO_LOGIN };
      case 'stale':
        return { seeOther: out };
    }
  }

  @Get('/code/address')
  askPair(@Req() { brand }: SiteRequest): PageContent {
    return pairPage(brand, '');
  }

  @Post('/code/address')
  async enterPair(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const { form, brand } = request;
    const [id, password] = [form.value('id'), form.value('password')];
    const wrong = (sentence: string): PageContent => pairPage(brand, id, { '': sentence });
    if (id === '' || password === '') return wrong('確認用IDと確認用パスワードを入力してください。');
    const result = await confirmPair(this.#access, subscriberLoginOf(request), { id, password });
    switch (result) {
      case 'right':
        return { seeOther: '/one-time-password/address' };
      case 'wrong':
        return wrong('確認用IDまたは確認用パスワードが正しくありません。もう一度入力してください。');
      case 'closed':
        return wrong(
          '5回続けて間違えたため、この方法では変更できません。ワンタイムパスワードでログインしたあとに変更してください。',
        );
      case 'stale':
        return { seeOther: '/code' };
    }
  }

  #page(login: Login, next: string, errors?: FieldErrors): PageContent {
    return codePage({ words: wordsOf(login), login, next }, this.#access.now(), errors);
  }
}

/** What the code is called, and where its login goes on, ends, and stays. */
const wordsOf = ({ subscriber }: Login): CodeWords => (subscriber ? ONE_TIME_PASSWORD : TWO_STEP_CODE);
