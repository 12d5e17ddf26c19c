import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import type { PageContent, SeeOther } from '#pages';
import type { FaultNotice } from '#rules';
import type { SettingsDeps } from '#settings';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { SETTINGS } from '../../tokens.ts';
import { faultNoticeSetting } from '../notice/notice-settings.ts';
import { saveSetting, showSetting, storedNow, type Setting } from '../setting/setting-page.tsx';
import { MAIL_TEXT_PAGE } from './mail-text-page.tsx';
import { AUTO_START_PAGE, AUTO_STOP_PAGE, faultNoticeContent } from './view.tsx';

const AT = '/line/fault-notice';

export const FAULT_NOTICE_ROUTES: readonly PageRoute[] = [
  { path: AT, methods: ['GET'], who: ['in'] },
  { path: `${AT}/mail-text`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/auto-start`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/auto-stop`, methods: ['GET', 'POST'], who: ['in'] },
];

/** V1: the fault and recovery notice of the line (R1, R3); `pages/notice` sets what every notice has. */
@Controller(AT)
export class FaultNoticeController {
  readonly #settings: SettingsDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps) {
    this.#settings = settings;
  }

  @Get()
  async show(@Req() request: SiteRequest): Promise<PageContent> {
    const setting = this.#of(request);
    return faultNoticeContent(request, setting, (await storedNow(setting)).value);
  }

  @Get('mail-text')
  showMailText(@Req() request: SiteRequest): Promise<PageContent> {
    return showSetting(request, this.#of(request), MAIL_TEXT_PAGE);
  }

  @Post('mail-text')
  saveMailText(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return saveSetting(request, this.#of(request), MAIL_TEXT_PAGE);
  }

  @Get('auto-start')
  showAutoStart(@Req() request: SiteRequest): Promise<PageContent> {
    return showSetting(request, this.#of(request), AUTO_START_PAGE);
  }

  @Post('auto-start')
  saveAutoStart(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return saveSetting(request, this.#of(request), AUTO_START_PAGE);
  }

  @Get('auto-stop')
  showAutoStop(@Req() request: SiteRequest): Promise<PageContent> {
    return showSetting(request, this.#of(request), AUTO_STOP_PAGE);
  }

  @Post('auto-stop')
  saveAutoStop(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return saveSetting(request, this.#of(request), AUTO_STOP_PAGE);
  }

  #of(request: SiteRequest): Setting<FaultNotice> {
    return faultNoticeSetting(this.#settings, request);
  }
}
