import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import {
  askedIpPhoneChange,
  confirmIpPhonePassword,
  openIpPhoneChanges,
  requestIpPhonePassword,
  type AccessDeps,
} from '#access';
import { type FieldErrors, type PageContent, type SeeOther, tooEarly } from '#pages';
import { parseSubscriberNumber } from '#rules';
import type { PageRoute } from '../../http/page-route.ts';
import { loginOf, type SiteRequest } from '../../http/site-request.ts';
import { ACCESS } from '../../tokens.ts';
import { ipPhoneSentence, waitSentence } from '../../ui/access-sentences.ts';
import { sentence } from '../../ui/sentences.ts';
import { confirmIpPhonePage, ipPhoneChangedPage, ipPhonePage } from './view.tsx';

const PATH = '/self-care/ip-phone-password';

export const IP_PHONE_PASSWORD_ROUTES: readonly PageRoute[] = [
  { path: PATH, methods: ['GET', 'POST'], who: ['self-care'] },
  { path: `${PATH}/confirm`, methods: ['GET', 'POST'], who: ['self-care'] },
  { path: `${PATH}/changed`, methods: ['GET'], who: ['self-care'] },
];

const NOT_YOURS = 'このセルフケアIDで変更できるIP加入電話番号ではありません。番号をご確認ください。';
const UNSET =
  'このIP加入電話番号は、現在のパスワードの登録が済んでいないため、この画面では変更できません。お手数ですが、お問い合わせください。';
const CURRENT_WRONG =
  '現IP加入電話パスワードが正しくないか、続けて間違えたため受け付けできなくなっています。ご確認のうえ、もう一度入力してください。';

/** Who confirms is asked once more when calls would not work this much longer than the page had said. */
const LATER_MS = 900_000;
const LATER =
  '確認の画面を開いてから時間がたったため、電話を利用できない時間が変わりました。もう一度ご確認ください。';
const UNCHANGED = 'IP加入電話パスワードは変更されていません。変更する場合は、もう一度入力してください。';

/** V4: another password for an IP phone. */
@Controller()
export class IpPhonePasswordController {
  readonly #access: AccessDeps;

  constructor(@Inject(ACCESS) access: AccessDeps) {
    this.#access = access;
  }

  @Get(PATH)
  async show(@Req() request: SiteRequest): Promise<PageContent> {
    const login = loginOf(request);
    const [first = '', ...others] = login.access.profile?.numbers ?? [];
    const number = others.length === 0 ? first : '';
    const changes = await openIpPhoneChanges(this.#access, login);
    const content = ipPhonePage({ number, changes });
    // Whoever confirmed twice sees the change below instead.
    if (!request.query.has('unchanged') || changes.length > 0) return content;
    return { ...content, notice: UNCHANGED, noticeKind: 'warning' };
  }

  @Post(PATH)
  async ask(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const { form } = request;
    const typed = form.value('number');
    const again = (errors: FieldErrors): PageContent => ipPhonePage({ number: typed, errors });
    const wrong = typingErrors(form.value);
    if (wrong) return again(wrong);
    const result = await requestIpPhonePassword(this.#access, loginOf(request), {
      number: numberOf(typed),
      current: form.value('current'),
      next: form.value('next'),
    });
    switch (result.kind) {
      case 'asked':
        return { seeOther: `${PATH}/confirm` };
      case 'not-yours':
        return again({ number: NOT_YOURS });
      case 'unset':
        return again({ number: UNSET });
      case 'current-wrong':
        return again({ current: CURRENT_WRONG });
      case 'next':
        return again({ next: ipPhoneSentence(result.problem) });
      case 'wait':
        return tooEarly(again({ current: waitSentence(result.seconds) }), result.seconds);
      case 'stale':
        return { seeOther: '/self-care' };
    }
  }

  @Get(`${PATH}/confirm`)
  confirm(@Req() request: SiteRequest): PageContent | SeeOther {
    const outage = askedIpPhoneChange(this.#access, loginOf(request));
    return outage ? confirmIpPhonePage(outage) : { seeOther: PATH };
  }

  @Post(`${PATH}/confirm`)
  async change(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const outage = askedIpPhoneChange(this.#access, loginOf(request));
    const shownUntil = Number(request.form.value('until')) || Infinity;
    if (outage && outage.effectiveAt - shownUntil > LATER_MS)
      return { ...confirmIpPhonePage(outage), notice: LATER, noticeKind: 'warning' };
    const isDone = await confirmIpPhonePassword(this.#access, loginOf(request));
    return { seeOther: isDone ? `${PATH}/changed` : `${PATH}?unchanged` };
  }

  @Get(`${PATH}/changed`)
  async changed(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const changes = await openIpPhoneChanges(this.#access, loginOf(request));
    return changes.length > 0 ? ipPhoneChangedPage(changes) : { seeOther: PATH };
  }
}

/** A number as it was typed → its digits; what is none stays as it is. */
function numberOf(typed: string): string {
  const parsed = parseSubscriberNumber(typed);
  return parsed.ok ? parsed.number : typed;
}

/** What can be seen to be wrong without trying; it costs no try (A3). */
function typingErrors(value: (name: string) => string): FieldErrors | undefined {
  const errors: Record<string, string> = {};
  const number = parseSubscriberNumber(value('number'));
  if (!number.ok) errors['number'] = sentence(number.problems[0]?.code ?? '');
  if (value('current') === '') errors['current'] = '現IP加入電話パスワードを入力してください。';
  if (value('next') === '') errors['next'] = ipPhoneSentence('empty');
  else if (value('next') !== value('again'))
    errors['again'] = '新IP加入電話パスワードと一致しません。同じものを入力してください。';
  return Object.keys(errors).length > 0 ? errors : undefined;
}
