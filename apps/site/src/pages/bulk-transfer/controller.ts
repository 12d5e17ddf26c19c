import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { type PageContent, PageError, type SeeOther } from '#pages';
import type { BulkTransferSettings } from '#rules';
import { readBulkTransfer, writeBulkTransfer, type SettingsDeps } from '#settings';
import type { PageRoute } from '../../http/page-route.ts';
import { lineWith } from '../../http/scope.ts';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { SETTINGS } from '../../tokens.ts';
import { searchNumbers } from '../services/search-numbers.ts';
import { sayingUnderWay } from '../setting/saying-under-way.ts';
import { saveSetting, showSetting, storedNow, type Setting } from '../setting/setting-page.tsx';
import { destinationsPage, pageOfNumbers, withPages, type NumbersOnPage } from './destinations-page.tsx';
import { confirmStartContent, SERVICE_PAGE } from './service-page.tsx';
import { bulkTransferContent, foundContent } from './view.tsx';

const AT = '/line/bulk-transfer';

export const BULK_TRANSFER_ROUTES: readonly PageRoute[] = [
  { path: AT, methods: ['GET'], who: ['in'] },
  { path: `${AT}/service`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/start`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/search`, methods: ['GET'], who: ['in'] },
  { path: `${AT}/destinations`, methods: ['GET', 'POST'], who: ['in'] },
  { path: `${AT}/destinations/:page`, methods: ['GET', 'POST'], who: ['in'] },
];

/** V2: forwarding of many numbers of the line at once. */
@Controller(AT)
export class BulkTransferController {
  readonly #settings: SettingsDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps) {
    this.#settings = settings;
  }

  @Get()
  show(@Req() request: SiteRequest): Promise<PageContent> {
    return this.#told(request, async (setting) =>
      bulkTransferContent(request, setting, (await storedNow(setting)).value),
    );
  }

  @Get('service')
  showService(@Req() request: SiteRequest): Promise<PageContent> {
    return this.#told(request, (setting) => showSetting(request, setting, SERVICE_PAGE));
  }

  @Post('service')
  saveService(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#told(request, async (setting) => {
      const { value, version } = await storedNow(setting);
      const starts = request.form.value('enabled') === 'on';
      const isSeen = request.form.value('version') === version;
      // A start costs calls, so it is asked once more; what the rules refuse is said at once.
      if (starts && isSeen && hasDestination(value)) return { seeOther: `${AT}/start` };
      return saveSetting(request, this.#ordering(setting), SERVICE_PAGE);
    });
  }

  @Get('start')
  askStart(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#told(request, async (setting) => {
      const stored = await storedNow(setting);
      if (!hasDestination(stored.value)) return { seeOther: `${AT}/service` };
      return confirmStartContent(request, setting, stored);
    });
  }

  @Post('start')
  start(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#told(request, (setting) => saveSetting(request, this.#ordering(setting), SERVICE_PAGE));
  }

  @Get('search')
  search(@Req() request: SiteRequest): PageContent {
    const number = lineWith(request, 'bulk-transfer');
    const { numbers } = subscriberLoginOf(request).subscriber;
    const typed = request.query.get('number') ?? '';
    return foundContent(request, number, { numbers, typed, found: searchNumbers(numbers, typed) });
  }

  @Get(['destinations', 'destinations/:page'])
  showDestinations(@Req() request: SiteRequest): Promise<PageContent> {
    return this.#told(request, async (setting) => {
      const shown = numbersOn(request);
      return withPages(await showSetting(request, setting, destinationsPage(shown)), shown);
    });
  }

  @Post(['destinations', 'destinations/:page'])
  saveDestinations(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    return this.#told(request, async (setting) => {
      const shown = numbersOn(request);
      const answer = await saveSetting(request, setting, destinationsPage(shown));
      return 'seeOther' in answer ? answer : withPages(answer, shown);
    });
  }

  /** A start or stop that is chosen is an order: a fault may have done the opposite of what is stored (R3). */
  #ordering(setting: Setting<BulkTransferSettings>): Setting<BulkTransferSettings> {
    const write: typeof setting.write = (edit) =>
      writeBulkTransfer(this.#settings, setting.number, { ...edit, isOrder: true });
    return { ...setting, write };
  }

  /** Answers with what is made of the line's bulk transfer, and says what is under way to the switch (V5). */
  async #told<A extends PageContent | SeeOther>(
    request: SiteRequest,
    answer: (setting: Setting<BulkTransferSettings>) => Promise<A>,
  ): Promise<A | PageContent> {
    const lineNumber = lineWith(request, 'bulk-transfer');
    const setting: Setting<BulkTransferSettings> = {
      service: 'bulk-transfer',
      number: lineNumber,
      read: () => readBulkTransfer(this.#settings, lineNumber),
      write: (edit) => writeBulkTransfer(this.#settings, lineNumber, edit),
    };
    return sayingUnderWay(this.#settings, `bulk-transfer:${lineNumber}`, await answer(setting));
  }
}

const hasDestination = ({ destinations }: BulkTransferSettings): boolean =>
  Object.keys(destinations).length > 0;

/** The numbers on the page that the path names, the line number first of all; 404 for one that is not there. */
function numbersOn(request: SiteRequest): NumbersOnPage {
  const { numbers } = subscriberLoginOf(request).subscriber;
  const found = pageOfNumbers(numbers, request.params['page'] ?? '1');
  if (!found) throw new PageError('not-found');
  return found;
}
