import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { addressEntry, draftAddress, draftOf, registerAddress, type AccessDeps } from '#access';
import { type FieldErrors, type PageContent, type SeeOther, shownWait, tooEarly } from '#pages';
import { homeOf } from '../../http/admit.ts';
import type { LoginStage, PageRoute } from '../../http/page-route.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { ACCESS } from '../../tokens.ts';
import { confirmationSentence } from '../../ui/access-sentences.ts';
import { sentence } from '../../ui/sentences.ts';
import { addressPage, confirmPage, sentPage } from './address.view.tsx';

/** A new address is entered at the first login, instead of a code with the confirmation pair (A10), or when in. */
const WHO: readonly LoginStage[] = ['choose-one-time', 'code', 'in'];

export const ADDRESS_ROUTES: readonly PageRoute[] = [
  { path: '/one-time-password/address', methods: ['GET', 'POST'], who: WHO },
  { path: '/one-time-password/confirm', methods: ['GET', 'POST'], who: WHO },
  { path: '/one-time-password/sent', methods: ['GET'], who: WHO },
];

/** A8, A9, A10: the address that codes go to, until its link has been mailed. */
@Controller()
export class AddressController {
  readonly #access: AccessDeps;

  constructor(@Inject(ACCESS) access: AccessDeps) {
    this.#access = access;
  }

  @Get('/one-time-password/address')
  show(@Req() request: SiteRequest): PageContent | SeeOther {
    const login = subscriberLoginOf(request);
    const entry = addressEntry(login);
    if (!entry) return { seeOther: homeOf(login) };
    const draft = draftOf(login);
    return addressPage(request.brand, login, {
      withConfirmation: entry.confirmation,
      address: draft?.address ?? '',
      id: draft?.confirmation?.id ?? '',
    });
  }

  @Post('/one-time-password/address')
  async enter(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const login = subscriberLoginOf(request);
    const entry = addressEntry(login);
    if (!entry) return { seeOther: homeOf(login) };
    const { form } = request;
    const [address, id] = [form.value('address').normalize('NFKC').trim(), form.value('id')];
    const confirmation = { id, password: form.value('password') };
    const problems = await draftAddress(this.#access, login, {
      address,
      ...(entry.confirmation && { confirmation }),
    });
    if (problems === undefined) return { seeOther: '/one-time-password/confirm' };
    if (problems === 'stale') return { seeOther: homeOf(login) };
    const errors: FieldErrors = {
      ...(problems.address && { address: sentence(problems.address) }),
      ...(problems.confirmationId && { id: confirmationSentence(problems.confirmationId, '確認用ID') }),
      ...(problems.confirmationPassword && {
        password: confirmationSentence(problems.confirmationPassword, '確認用パスワード'),
      }),
    };
    return addressPage(request.brand, login, { withConfirmation: entry.confirmation, address, id, errors });
  }

  @Get('/one-time-password/confirm')
  confirm(@Req() request: SiteRequest): PageContent | SeeOther {
    const login = subscriberLoginOf(request);
    const draft = draftOf(login);
    return draft ? confirmPage(request.brand, login, draft) : { seeOther: homeOf(login) };
  }

  @Post('/one-time-password/confirm')
  async register(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const login = subscriberLoginOf(request);
    const draft = draftOf(login);
    if (!draft) return { seeOther: homeOf(login) };
    const result = await registerAddress(this.#access, login);
    if (result.kind === 'sent') return { seeOther: '/one-time-password/sent' };
    if (result.kind === 'stale') return { seeOther: homeOf(login) };
    const wait = shownWait(result.seconds);
    const errors = {
      '': `メールを続けて5通お送りしたため、あと${wait}はお送りできません。しばらくしてからお試しください。`,
    };
    return tooEarly({ ...confirmPage(request.brand, login, draft), errors }, result.seconds);
  }

  @Get('/one-time-password/sent')
  sent(@Req() request: SiteRequest): PageContent | SeeOther {
    const login = subscriberLoginOf(request);
    const { registration } = login.account.oneTime;
    // The link may have been used meanwhile, on another device.
    if (!registration)
      return { seeOther: login.stage === 'choose-one-time' ? '/one-time-password' : homeOf(login) };
    return sentPage(request.brand, login, registration, request.query.has('next'));
  }
}
