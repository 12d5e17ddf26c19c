import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import {
  changePassword,
  hasFullWidth,
  hasTemporary,
  maySetPassword,
  unitOf,
  type AccessDeps,
  type PasswordChangeResult,
} from '#access';
import { type FieldErrors, type PageContent, PageError, type SeeOther, tooEarly } from '#pages';
import { NO_LOGIN } from '../../http/login-cookies.ts';
import type { PageRoute } from '../../http/page-route.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { ACCESS } from '../../tokens.ts';
import { passwordSentence, waitSentence } from '../../ui/access-sentences.ts';
import { passwordChangedPage, passwordNumbersPage, passwordPage } from './view.tsx';

export const PASSWORD_ROUTES: readonly PageRoute[] = [
  { path: '/.well-known/change-password', methods: ['GET'], who: 'open' },
  { path: '/password', methods: ['GET', 'POST'], who: ['change-password', 'in'] },
  { path: '/password/changed', methods: ['GET'], who: 'open' },
  { path: '/password/:number', methods: ['GET', 'POST'], who: ['in'] },
];

/** A4, A5, A7: a new password, for the login's own number or, as administrator, for another of the line. */
@Controller()
export class PasswordController {
  readonly #access: AccessDeps;

  constructor(@Inject(ACCESS) access: AccessDeps) {
    this.#access = access;
  }

  /** Where password managers look for the page that changes a password (W3C, change-password-url). */
  @Get('/.well-known/change-password')
  find(): SeeOther {
    return { seeOther: '/password' };
  }

  @Get('/password')
  show(@Req() request: SiteRequest): PageContent {
    const { stage, subscriber } = subscriberLoginOf(request);
    const isAdministrator = subscriber.unit === 'administrator-user' && subscriber.numbers.length > 1;
    if (isAdministrator && stage === undefined) return passwordNumbersPage(request.brand, subscriber.numbers);
    return this.#form(request, subscriber.number);
  }

  @Post('/password')
  change(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#change(request, subscriberLoginOf(request).subscriber.number);
  }

  @Get('/password/changed')
  changed(@Req() { brand }: SiteRequest): PageContent {
    return passwordChangedPage(brand);
  }

  @Get('/password/:number')
  showOther(@Req() request: SiteRequest): PageContent {
    const number = numberOf(request);
    const isDone = request.query.has('changed');
    return { ...this.#form(request, number), ...(isDone && { notice: 'パスワードを変更しました。' }) };
  }

  @Post('/password/:number')
  changeOther(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#change(request, numberOf(request));
  }

  #form(request: SiteRequest, number: string, errors?: FieldErrors): PageContent {
    const { stage, subscriber, account, access } = subscriberLoginOf(request);
    const isTemporary = stage !== undefined && hasTemporary(account, this.#access.now());
    const dialled = isTemporary ? account.temporary?.unit : undefined;
    return passwordPage({
      brand: request.brand,
      policy: this.#access.policyOf(subscriber.line.brand),
      number,
      isOwn: number === subscriber.number,
      mustChange: stage !== undefined && (isTemporary ? 'temporary' : 'expired'),
      newUnit: dialled === unitOf(access.unit) ? undefined : dialled,
      errors,
    });
  }

  async #change(request: SiteRequest, number: string): Promise<PageContent | SeeOther> {
    const { form } = request;
    const [current, next] = [form.value('current'), form.value('next')];
    const typing = typingErrors(current, next, form.value('again'));
    if (typing) return this.#form(request, number, typing);
    const login = subscriberLoginOf(request);
    const result = await changePassword(this.#access, login, { number, current, next });
    if (result.kind !== 'changed') return this.#refused(request, number, result);
    const isOwn = number === login.subscriber.number;
    return isOwn
      ? { seeOther: '/password/changed', cookies: NO_LOGIN }
      : { seeOther: `/password/${number}?changed` };
  }

  #refused(
    request: SiteRequest,
    number: string,
    result: Exclude<PasswordChangeResult, { kind: 'changed' }>,
  ): PageContent | SeeOther {
    switch (result.kind) {
      case 'next': {
        const policy = this.#access.policyOf(subscriberLoginOf(request).subscriber.line.brand);
        return this.#form(request, number, { next: passwordSentence(result.problem, policy) });
      }
      case 'current-wrong':
        return this.#form(request, number, {
          current: '現在のパスワードが正しくありません。もう一度入力してください。',
        });
      case 'wait':
        return tooEarly(this.#form(request, number, { '': waitSentence(result.seconds) }), result.seconds);
      case 'stale':
        return { seeOther: '/login' };
    }
  }
}

/** The path's number, when this login may set its password; another's is not there, like one of nobody (A1, A7). */
function numberOf(request: SiteRequest): string {
  const number = request.params['number'] ?? '';
  if (!maySetPassword(subscriberLoginOf(request), number)) throw new PageError('not-found');
  return number;
}

/** What can be seen to be wrong without trying; it costs no try (A3). */
function typingErrors(current: string, next: string, again: string): FieldErrors | undefined {
  const errors: Record<string, string> = {};
  if (current === '') errors['current'] = '現在のパスワードを入力してください。';
  else if (hasFullWidth(current))
    errors['current'] = '現在のパスワードに全角文字が含まれています。半角英数字で入力してください。';
  if (next === '') errors['next'] = '新しいパスワードを入力してください。';
  else if (next !== again)
    errors['again'] = '新しいパスワードと一致しません。同じパスワードを入力してください。';
  return Object.keys(errors).length > 0 ? errors : undefined;
}
