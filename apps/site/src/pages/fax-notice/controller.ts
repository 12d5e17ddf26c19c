import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import type { FaxNotice } from '#rules';
import type { SettingsDeps, TestMailDeps } from '#settings';
import type { SeeOther } from '../../http/page-writer.ts';
import type { PageRoute } from '../../http/route-table.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { SETTINGS, TEST_MAILS } from '../../tokens.ts';
import type { PageContent } from '../../ui/page-content.ts';
import { recipientsPage } from '../notice/recipients-page.tsx';
import { saveOrTest } from '../notice/save-or-test.ts';
import { servicePage } from '../notice/service-page.tsx';
import { sectionSetting } from '../setting/section-setting.ts';
import { saveSetting, showSetting, storedNow, type Setting } from '../setting/setting-page.tsx';
import { faxNoticeContent } from './view.tsx';

const AT = '/numbers/:number/fax-notice';

export const FAX_NOTICE_ROUTES: readonly PageRoute[] = [
  { path: AT, methods: ['GET'], who: ['in'] },
  { path: `${AT}/service`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/recipients`, methods: ['GET', 'POST'], who: ['in'] },
];

/** V1: the FAX notice of a number (F1, C12, C13). */
@Controller(AT)
export class FaxNoticeController {
  readonly #settings: SettingsDeps;
  readonly #testMails: TestMailDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps, @Inject(TEST_MAILS) testMails: TestMailDeps) {
    this.#settings = settings;
    this.#testMails = testMails;
  }

  @Get()
  async show(@Req() request: SiteRequest): Promise<PageContent> {
    const setting = this.#of(request);
    return faxNoticeContent(request, setting, (await storedNow(setting)).value);
  }

  @Get('service')
  showService(@Req() request: SiteRequest): Promise<PageContent> {
    const setting = this.#of(request);
    return showSetting(request, setting, servicePage(setting));
  }

  @Post('service')
  saveService(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const setting = this.#of(request);
    return saveSetting(request, setting, servicePage(setting));
  }

  @Get('recipients')
  showRecipients(@Req() request: SiteRequest): Promise<PageContent> {
    const setting = this.#of(request);
    return showSetting(request, setting, recipientsPage(request.brand, setting));
  }

  @Post('recipients')
  saveRecipients(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return saveOrTest(request, this.#of(request), this.#testMails);
  }

  #of(request: SiteRequest): Setting<FaxNotice> {
    return sectionSetting(this.#settings, request, 'fax-notice', 'faxNotice');
  }
}
