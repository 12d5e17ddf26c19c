import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import type { FaultNotice } from '#rules';
import { readFaultNotice, writeFaultNotice, type SettingsDeps, type TestMailDeps } from '#settings';
import type { SeeOther } from '../../http/page-writer.ts';
import type { PageRoute } from '../../http/route-table.ts';
import { lineWith } from '../../http/scope.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { SETTINGS, TEST_MAILS } from '../../tokens.ts';
import type { PageContent } from '../../ui/page-content.ts';
import { recipientsPage } from '../notice/recipients-page.tsx';
import { saveOrTest } from '../notice/save-or-test.ts';
import { servicePage } from '../notice/service-page.tsx';
import { saveSetting, showSetting, storedNow, type Setting } from '../setting/setting-page.tsx';
import { MAIL_TEXT_PAGE } from './mail-text-page.tsx';
import { AUTO_START_PAGE, AUTO_STOP_PAGE, faultNoticeContent } from './view.tsx';

const AT = '/line/fault-notice';

export const FAULT_NOTICE_ROUTES: readonly PageRoute[] = [
  { path: AT, methods: ['GET'], who: ['in'] },
  { path: `${AT}/service`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/mail-text`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/recipients`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/auto-start`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/auto-stop`, methods: ['GET', 'POST'], who: ['in'] },
];

/** V1: the fault and recovery notice of the line (R1, R3, C12, C13). */
@Controller(AT)
export class FaultNoticeController {
  readonly #settings: SettingsDeps;
  readonly #testMails: TestMailDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps, @Inject(TEST_MAILS) testMails: TestMailDeps) {
    this.#settings = settings;
    this.#testMails = testMails;
  }

  @Get()
  async show(@Req() request: SiteRequest): Promise<PageContent> {
    const setting = this.#of(request);
    return faultNoticeContent(request, setting, (await storedNow(setting)).value);
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

  @Get('mail-text')
  showMailText(@Req() request: SiteRequest): Promise<PageContent> {
    return showSetting(request, this.#of(request), MAIL_TEXT_PAGE);
  }

  @Post('mail-text')
  saveMailText(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return saveSetting(request, this.#of(request), MAIL_TEXT_PAGE);
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
    const number = lineWith(request, 'fault-notice');
    return {
      service: 'fault-notice',
      number,
      read: () => readFaultNotice(this.#settings, number),
      write: (edit) => writeFaultNotice(this.#settings, number, edit),
    };
  }
}
