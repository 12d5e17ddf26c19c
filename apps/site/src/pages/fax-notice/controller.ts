import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { PageContent } from '#pages';
import type { SettingsDeps } from '#settings';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { SETTINGS } from '../../tokens.ts';
import { faxNoticeSetting } from '../notice/notice-settings.ts';
import { storedNow } from '../setting/setting-page.tsx';
import { faxNoticeContent } from './view.tsx';

const AT = '/numbers/:number/fax-notice';

export const FAX_NOTICE_ROUTES: readonly PageRoute[] = [{ path: AT, methods: ['GET'], who: ['in'] }];

/** V1: the FAX notice of a number (F1); `pages/notice` sets it. */
@Controller(AT)
export class FaxNoticeController {
  readonly #settings: SettingsDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps) {
    this.#settings = settings;
  }

  @Get()
  async show(@Req() request: SiteRequest): Promise<PageContent> {
    const setting = faxNoticeSetting(this.#settings, request);
    return faxNoticeContent(request, setting, (await storedNow(setting)).value);
  }
}
