import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import type { PageContent, SeeOther } from '#pages';
import type { VoiceWarp } from '#rules';
import type { SettingsDeps } from '#settings';
import type { PageRoute } from '../../http/page-route.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { SETTINGS } from '../../tokens.ts';
import { sayingUnderWay } from '../setting/saying-under-way.ts';
import { sectionSetting } from '../setting/section-setting.ts';
import { saveSetting, showSetting, storedNow, type Setting } from '../setting/setting-page.tsx';
import { destinationsPage } from './destinations-page.tsx';
import { SELECT_LIST_PAGE } from './select-list-page.tsx';
import { selectPage } from './select-page.tsx';
import { servicePage } from './service-page.tsx';
import { voiceWarpContent } from './view.tsx';

const AT = '/numbers/:number/voice-warp';

export const VOICE_WARP_ROUTES: readonly PageRoute[] = [
  { path: AT, methods: ['GET'], who: ['in'] },
  { path: `${AT}/service`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/destinations`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/select`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/select-list`, methods: ['GET', 'POST'], who: ['in'] },
];

/** V3: the call forwarding of a number. */
@Controller(AT)
export class VoiceWarpController {
  readonly #settings: SettingsDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps) {
    this.#settings = settings;
  }

  @Get()
  show(@Req() request: SiteRequest): Promise<PageContent> {
    return this.#told(request, async (setting) =>
      voiceWarpContent(request, setting, (await storedNow(setting)).value),
    );
  }

  @Get('service')
  showService(@Req() request: SiteRequest): Promise<PageContent> {
    return this.#told(request, (setting) => showSetting(request, setting, servicePage(setting)));
  }

  @Post('service')
  saveService(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#told(request, (setting) => saveSetting(request, setting, servicePage(setting)));
  }

  @Get('destinations')
  showDestinations(@Req() request: SiteRequest): Promise<PageContent> {
    return this.#told(request, (setting) => showSetting(request, setting, destinationsPage(setting)));
  }

  @Post('destinations')
  saveDestinations(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#told(request, (setting) => saveSetting(request, setting, destinationsPage(setting)));
  }

  @Get('select')
  showSelect(@Req() request: SiteRequest): Promise<PageContent> {
    return this.#told(request, (setting) => showSetting(request, setting, selectPage(setting)));
  }

  @Post('select')
  saveSelect(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#told(request, (setting) => saveSetting(request, setting, selectPage(setting)));
  }

  @Get('select-list')
  showSelectList(@Req() request: SiteRequest): Promise<PageContent> {
    return this.#told(request, (setting) => showSetting(request, setting, SELECT_LIST_PAGE));
  }

  @Post('select-list')
  saveSelectList(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#told(request, (setting) => saveSetting(request, setting, SELECT_LIST_PAGE));
  }

  /** Answers with what is made of the setting, and says what is under way to the switch (V5). */
  async #told<A extends PageContent | SeeOther>(
    request: SiteRequest,
    answer: (setting: Setting<VoiceWarp>) => Promise<A>,
  ): Promise<A | PageContent> {
    const setting = sectionSetting(this.#settings, request, 'voice-warp', 'voiceWarp');
    return sayingUnderWay(this.#settings, `voice-warp:${setting.number}`, await answer(setting));
  }
}
