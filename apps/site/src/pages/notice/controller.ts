import { Controller, Get, Inject, Post, Req, type Type } from '@nestjs/common';
import type { PageContent, SeeOther } from '#pages';
import type { SettingsDeps, TestMailDeps } from '#settings';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { SETTINGS, TEST_MAILS } from '../../tokens.ts';
import { saveSetting, showSetting, type Setting } from '../setting/setting-page.tsx';
import { callNoticeSetting, faultNoticeSetting, faxNoticeSetting } from './notice-settings.ts';
import { recipientsPage, type Notice } from './recipients-page.tsx';
import { saveOrTest } from './save-or-test.ts';
import { servicePage } from './service-page.tsx';

type SettingOf = (deps: SettingsDeps, request: SiteRequest) => Setting<Notice>;

/** The notices by where each is set. */
const NOTICES: readonly (readonly [string, SettingOf])[] = [
  ['/numbers/:number/call-notice', callNoticeSetting],
  ['/numbers/:number/fax-notice', faxNoticeSetting],
  ['/line/fault-notice', faultNoticeSetting],
];

export const NOTICE_ROUTES: readonly PageRoute[] = NOTICES.flatMap(([at]) => [
  { path: `${at}/recipients`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${at}/service`, methods: ['GET', 'POST'], who: ['in'] },
]);

/** V1: what every notice has: its recipients (C2, C12, C13), and whether it is started (C3). */
export const NOTICE_CONTROLLERS: readonly Type[] = NOTICES.map(([at, settingOf]) => {
  @Controller(at)
  class NoticeController {
    readonly #settings: SettingsDeps;
    readonly #testMails: TestMailDeps;

    constructor(@Inject(SETTINGS) settings: SettingsDeps, @Inject(TEST_MAILS) testMails: TestMailDeps) {
      this.#settings = settings;
      this.#testMails = testMails;
    }

    @Get('recipients')
    showRecipients(@Req() request: SiteRequest): Promise<PageContent> {
      const setting = settingOf(this.#settings, request);
      return showSetting(request, setting, recipientsPage(request.brand, setting));
    }

    @Post('recipients')
    saveRecipients(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
      return saveOrTest(request, settingOf(this.#settings, request), this.#testMails);
    }

    @Get('service')
    showService(@Req() request: SiteRequest): Promise<PageContent> {
      const setting = settingOf(this.#settings, request);
      return showSetting(request, setting, servicePage(setting));
    }

    @Post('service')
    saveService(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
      const setting = settingOf(this.#settings, request);
      return saveSetting(request, setting, servicePage(setting));
    }
  }
  return NoticeController;
});
