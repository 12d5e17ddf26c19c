import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import type { PageContent, SeeOther } from '#pages';
import type { CallNotice } from '#rules';
import type { SettingsDeps } from '#settings';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { SETTINGS } from '../../tokens.ts';
import { callNoticeSetting } from '../notice/notice-settings.ts';
import { saveSetting, showSetting, storedNow, type Setting } from '../setting/setting-page.tsx';
import { conditionsPage } from './conditions-page.tsx';
import { targetCallersPage } from './target-callers-page.tsx';
import { callNoticeContent } from './view.tsx';

const AT = '/numbers/:number/call-notice';

export const CALL_NOTICE_ROUTES: readonly PageRoute[] = [
  { path: AT, methods: ['GET'], who: ['in'] },
  { path: `${AT}/conditions`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/target-callers`, methods: ['GET', 'POST'], who: ['in'] },
];

/** V1: the call notice of a number (C1–C6); `pages/notice` sets what every notice has. */
@Controller(AT)
export class CallNoticeController {
  readonly #settings: SettingsDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps) {
    this.#settings = settings;
  }

  @Get()
  async show(@Req() request: SiteRequest): Promise<PageContent> {
    const setting = this.#of(request);
    return callNoticeContent(request, setting, (await storedNow(setting)).value);
  }

  @Get('conditions')
  showConditions(@Req() request: SiteRequest): Promise<PageContent> {
    const setting = this.#of(request);
    return showSetting(request, setting, conditionsPage(setting));
  }

  @Post('conditions')
  saveConditions(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const setting = this.#of(request);
    return saveSetting(request, setting, conditionsPage(setting));
  }

  @Get('target-callers')
  showTargetCallers(@Req() request: SiteRequest): Promise<PageContent> {
    return showSetting(request, this.#of(request), targetCallersPage(request.brand));
  }

  @Post('target-callers')
  saveTargetCallers(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return saveSetting(request, this.#of(request), targetCallersPage(request.brand));
  }

  #of(request: SiteRequest): Setting<CallNotice> {
    return callNoticeSetting(this.#settings, request);
  }
}
