import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { type PageContent, PageError } from '#pages';
import { dryRun, type SettingsDeps } from '#settings';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { SETTINGS } from '../../tokens.ts';
import { fieldErrors } from '../../ui/sentences.ts';
import { callNoticeSetting } from '../notice/notice-settings.ts';
import { storedNow } from '../setting/setting-page.tsx';
import { asStored, dryRunPage, fieldOf, triedDocument } from './view.tsx';

const PATH = '/numbers/:number/call-notice/dry-run';

export const DRY_RUN_ROUTES: readonly PageRoute[] = [{ path: PATH, methods: ['GET', 'POST'], who: ['in'] }];

/** V7: what would happen if somebody rang now. */
@Controller()
export class DryRunController {
  readonly #settings: SettingsDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps) {
    this.#settings = settings;
  }

  @Get(PATH)
  async show(@Req() request: SiteRequest): Promise<PageContent> {
    const setting = callNoticeSetting(this.#settings, request);
    const { value } = await storedNow(setting);
    return dryRunPage(request, { setting, stored: value, typed: asStored(value) });
  }

  /** Shows the answer on the page itself: nothing was changed that a reload could change again. */
  @Post(PATH)
  async try(@Req() request: SiteRequest): Promise<PageContent> {
    const setting = callNoticeSetting(this.#settings, request);
    const { value: stored } = await storedNow(setting);
    const typed = request.form.value;
    const answer = await dryRun(this.#settings, setting.number, triedDocument(typed, stored));
    if (answer.ok) return dryRunPage(request, { setting, stored, typed, answer });
    if (answer.kind === 'not-found') throw new PageError('not-found');
    return dryRunPage(request, { setting, stored, typed, errors: fieldErrors(answer.errors, fieldOf) });
  }
}
