import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import {
  confirmUnitChange,
  numbersAsked,
  otherUnits,
  requestUnitChange,
  type AccessDeps,
  type Unit,
} from '#access';
import { shownNumber } from '#mail';
import { type PageContent, PageError, type SeeOther, tooEarly } from '#pages';
import { homeOf } from '../../http/admit.ts';
import type { PageRoute } from '../../http/page-route.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { ACCESS } from '../../tokens.ts';
import { waitSentence } from '../../ui/access-sentences.ts';
import { confirmUnitPage, unitChangedPage, unitPage, unitPasswordsPage } from './view.tsx';

export const UNIT_ROUTES: readonly PageRoute[] = [
  { path: '/unit', methods: ['GET'], who: ['in'] },
  { path: '/unit/confirm', methods: ['GET', 'POST'], who: ['in'] },
  { path: '/unit/changed', methods: ['GET'], who: 'open' },
  { path: '/unit/:unit', methods: ['GET', 'POST'], who: ['in'] },
];

/** A6: another authentication unit. */
@Controller()
export class UnitController {
  readonly #access: AccessDeps;

  constructor(@Inject(ACCESS) access: AccessDeps) {
    this.#access = access;
  }

  @Get('/unit')
  show(@Req() request: SiteRequest): PageContent {
    const { subscriber } = subscriberLoginOf(request);
    return unitPage(request.brand, subscriber.unit, otherUnits(subscriber));
  }

  @Get('/unit/confirm')
  confirm(@Req() request: SiteRequest): PageContent | SeeOther {
    const { account, subscriber } = subscriberLoginOf(request);
    const draft = account.session?.draft;
    return draft?.what === 'unit'
      ? confirmUnitPage(request.brand, subscriber, draft.unit)
      : { seeOther: '/unit' };
  }

  @Post('/unit/confirm')
  async change(@Req() request: SiteRequest): Promise<SeeOther> {
    const isDone = await confirmUnitChange(this.#access, subscriberLoginOf(request));
    return { seeOther: isDone ? '/unit/changed' : '/unit' };
  }

  @Get('/unit/changed')
  changed(@Req() { brand, login }: SiteRequest): PageContent {
    return unitChangedPage(brand, login && { unit: login.subscriber?.unit, home: homeOf(login) });
  }

  @Get('/unit/:unit')
  async ask(@Req() request: SiteRequest): Promise<PageContent> {
    return unitPasswordsPage(request.brand, unitOf(request), await this.#asked(request));
  }

  @Post('/unit/:unit')
  async check(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const unit = unitOf(request);
    const numbers = await this.#asked(request);
    const passwords = new Map(numbers.map((number) => [number, request.form.value(`password-${number}`)]));
    const missing = numbers.filter((number) => passwords.get(number) === '');
    const page = (errors: Record<string, string>): PageContent =>
      unitPasswordsPage(request.brand, unit, numbers, errors);
    if (missing.length > 0)
      return page(errorsOf(missing, (number) => `${shownNumber(number)}のパスワードを入力してください。`));
    const verdicts = await requestUnitChange(this.#access, subscriberLoginOf(request), unit, passwords);
    if (verdicts.size === 0) return { seeOther: '/unit/confirm' };
    const waits = [...verdicts.values()].flatMap((one) => (one === 'wrong' ? [] : [one.wait]));
    const errors = errorsOf([...verdicts.keys()], (number) => {
      const verdict = verdicts.get(number);
      return typeof verdict === 'object'
        ? `${shownNumber(number)}：${waitSentence(verdict.wait)}`
        : `${shownNumber(number)}のパスワードが正しくないか、無効になっています。`;
    });
    if (waits.length < verdicts.size) return page(errors);
    return tooEarly(page(errors), Math.max(...waits));
  }

  async #asked(request: SiteRequest): Promise<string[]> {
    const { subscriber, place } = subscriberLoginOf(request);
    const { line } = subscriber;
    return numbersAsked(subscriber, await this.#access.store.read(place.group, line.numbers));
  }
}

const errorsOf = (numbers: readonly string[], say: (number: string) => string): Record<string, string> =>
  Object.fromEntries(numbers.map((number) => [`password-${number}`, say(number)]));

/** The path's unit, when this login may change to it. */
function unitOf(request: SiteRequest): Unit {
  const { subscriber } = subscriberLoginOf(request);
  const unit = otherUnits(subscriber).find((one) => one === request.params['unit']);
  if (!unit) throw new PageError('not-found');
  return unit;
}
