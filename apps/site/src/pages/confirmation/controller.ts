import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { changeConfirmationId, changeConfirmationPassword, type AccessDeps } from '#access';
import type { FieldErrors, PageContent, SeeOther } from '#pages';
import type { PageRoute } from '../../http/page-route.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { ACCESS } from '../../tokens.ts';
import { confirmationSentence } from '../../ui/access-sentences.ts';
import { CONFIRMATION_ID, CONFIRMATION_PASSWORD, confirmationPage, type ConfirmationWords } from './view.tsx';

export const CONFIRMATION_ROUTES: readonly PageRoute[] = [
  { path: '/confirmation-id', methods: ['GET', 'POST'], who: ['in'] },
  { path: '/confirmation-password', methods: ['GET', 'POST'], who: ['in'] },
];

/** A9: another confirmation id or password. */
@Controller()
export class ConfirmationController {
  readonly #access: AccessDeps;

  constructor(@Inject(ACCESS) access: AccessDeps) {
    this.#access = access;
  }

  @Get('/confirmation-id')
  showId(@Req() request: SiteRequest): PageContent | SeeOther {
    return this.#show(request, CONFIRMATION_ID);
  }

  @Post('/confirmation-id')
  changeId(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#change(request, CONFIRMATION_ID, (entry) =>
      changeConfirmationId(this.#access, subscriberLoginOf(request), entry),
    );
  }

  @Get('/confirmation-password')
  showPassword(@Req() request: SiteRequest): PageContent | SeeOther {
    return this.#show(request, CONFIRMATION_PASSWORD);
  }

  @Post('/confirmation-password')
  changePassword(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#change(request, CONFIRMATION_PASSWORD, (entry) =>
      changeConfirmationPassword(this.#access, subscriberLoginOf(request), entry),
    );
  }

  #show(request: SiteRequest, words: ConfirmationWords): PageContent | SeeOther {
    // Nothing is registered yet: that begins with the choice.
    if (!subscriberLoginOf(request).account.oneTime.confirmation) return { seeOther: '/one-time-password' };
    const isDone = request.query.has('changed');
    return {
      ...confirmationPage(request.brand, words),
      ...(isDone && { notice: `${words.name}を変更しました。` }),
    };
  }

  async #change(
    { form, brand }: SiteRequest,
    words: ConfirmationWords,
    change: (entry: { current: string; next: string }) => ReturnType<typeof changeConfirmationId>,
  ): Promise<PageContent | SeeOther> {
    const [current, next] = [form.value('current'), form.value('next')];
    const wrong = (errors: FieldErrors): PageContent =>
      confirmationPage(brand, words, { errors, typed: form.value });
    if (current === '') return wrong({ current: `${words.before}を入力してください。` });
    if (next !== form.value('again'))
      return wrong({ again: `${words.after}と一致しません。同じものを入力してください。` });
    const result = await change({ current, next });
    switch (result.kind) {
      case 'changed':
        return { seeOther: `${words.path}?changed` };
      case 'next':
        return wrong({ next: confirmationSentence(result.problem, words.after) });
      case 'current-wrong':
        return wrong({ current: `${words.before}が正しくありません。もう一度入力してください。` });
      case 'closed':
        return wrong({
          '': '5回続けて間違えたため、変更できません。いったんログアウトし、もう一度ログインしてから変更してください。',
        });
      case 'stale':
        return { seeOther: '/login' };
    }
  }
}
