import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { completeRegistration, findRegistration, type AccessDeps } from '#access';
import type { Brands } from '#mail';
import type { PageContent, SeeOther } from '#pages';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { ACCESS, BRANDS } from '../../tokens.ts';
import { registrationDonePage, registrationGonePage, registrationPage } from './view.tsx';

export const REGISTRATION_ROUTES: readonly PageRoute[] = [
  { path: '/registration', methods: ['GET', 'POST'], who: 'open' },
  { path: '/registration/done', methods: ['GET'], who: 'open' },
];

/** O2, A8: the page of a mailed link. Only its button completes something, because mail scanners follow links. */
@Controller()
export class RegistrationController {
  readonly #access: AccessDeps;
  readonly #brands: Brands;

  constructor(@Inject(ACCESS) access: AccessDeps, @Inject(BRANDS) brands: Brands) {
    this.#access = access;
    this.#brands = brands;
  }

  @Get('/registration')
  async show(@Req() request: SiteRequest): Promise<PageContent> {
    const token = request.query.get('token') ?? '';
    const found = await findRegistration(this.#access, token);
    if (!found) return registrationGonePage();
    request.brand = this.#brands.get(found.brand) ?? request.brand;
    return registrationPage(found, token);
  }

  @Post('/registration')
  async complete(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const done = await completeRegistration(this.#access, request.form.value('token'));
    return done ? { seeOther: '/registration/done' } : registrationGonePage();
  }

  @Get('/registration/done')
  done(@Req() { login }: SiteRequest): PageContent {
    return registrationDonePage(login);
  }
}
