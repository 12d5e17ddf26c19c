import { Controller, Get, Inject, Post, Req, UseInterceptors } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { AccessDeps } from '#access';
import { decodeText, type Comparison } from '#csv';
import { type CsvFile, type PageContent, type SeeOther, shownWait, tooEarly } from '#pages';
import type { Uploads } from '#redis';
import type { SettingsDeps } from '#settings';
import type { PageRoute } from '../../http/page-route.ts';
import { loginOf, subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { uploadedFile, uploadOf } from '../../http/upload.ts';
import type { SiteMetrics } from '../../site-metrics.ts';
import { ACCESS, METRICS, SETTINGS, UPLOADS } from '../../tokens.ts';
import { CSV_PAGES, type CsvPage, type TableParts } from './csv-pages.ts';
import { csvPage, donePage, previewPage } from './view.tsx';

const PATHS = [...CSV_PAGES.keys()];
const at = (end: string): string[] => PATHS.map((path) => `${path}/${end}`);

export const CSV_ROUTES: readonly PageRoute[] = [
  ...PATHS.map((path): PageRoute => ({ path, methods: ['GET', 'POST'], who: ['in'], upload: true })),
  ...at('file').map((path): PageRoute => ({ path, methods: ['GET'], who: ['in'] })),
  ...at('set').map((path): PageRoute => ({ path, methods: ['POST'], who: ['in'] })),
];

/** How many numbers were set, as an address says it: nothing but digits of it gets into the page. */
const COUNT = /^[1-9]\d{0,4}$/;

const SAME = 'CSVファイルの内容は現在の設定と同じです。変わるところはありません。';

/** C14, V2, A11: the settings of many numbers as a CSV, down, up, previewed, and set as a whole. */
@Controller()
export class CsvController {
  readonly #parts: TableParts;
  readonly #uploads: Uploads;
  readonly #metrics: SiteMetrics;

  constructor(
    @Inject(ACCESS) access: AccessDeps,
    @Inject(SETTINGS) settings: SettingsDeps,
    @Inject(UPLOADS) uploads: Uploads,
    @Inject(METRICS) metrics: SiteMetrics,
  ) {
    this.#parts = { access, settings };
    this.#uploads = uploads;
    this.#metrics = metrics;
  }

  @Get(PATHS)
  show(@Req() request: SiteRequest): PageContent {
    const page = pageOf(request);
    page.table(this.#parts, request);
    const count = request.query.get('set') ?? '';
    return COUNT.test(count) ? donePage(request.brand, page, count) : csvPage(request.brand, page);
  }

  @Get(at('file'))
  async download(@Req() request: SiteRequest): Promise<CsvFile> {
    const { table, fileName } = pageOf(request);
    return { csv: await table(this.#parts, request).download(), name: fileName };
  }

  @Post(PATHS)
  @UseInterceptors(uploadOf('file'))
  async preview(@Req() request: SiteRequest): Promise<PageContent> {
    const page = pageOf(request);
    const table = page.table(this.#parts, request);
    const file = uploadedFile(request);
    const text = file && decodeText(file);
    if (text === undefined) {
      this.#metrics.csv(page.holds, 'faulty');
      return csvPage(request.brand, page, [{ code: file ? 'csv-not-text' : 'csv-missing' }]);
    }
    const tooMany = await this.#tooMany(request, page);
    if (tooMany) return tooMany;
    return this.#shown(request, page, { text, comparison: await table.preview(text), isAnew: false });
  }

  @Post(at('set'))
  async set(@Req() request: SiteRequest): Promise<PageContent | SeeOther> {
    const page = pageOf(request);
    const table = page.table(this.#parts, request);
    const { hash } = loginOf(request);
    const upload = await this.#uploads.find(hash, page.path);
    if (!upload || upload.id !== request.form.value('upload')) {
      this.#metrics.csv(page.holds, 'lapsed');
      return { ...csvPage(request.brand, page, [{ code: 'csv-lapsed' }]), status: 409 };
    }
    const tooMany = await this.#tooMany(request, page);
    if (tooMany) return tooMany;
    const { text, seen } = upload;
    const result = await table.set(text, seen);
    if (result.kind === 'refused')
      return this.#shown(request, page, { text, comparison: result.comparison, isAnew: true });
    this.#metrics.csv(page.holds, 'set');
    // It expires by itself; a failure must not make what is done look undone.
    await this.#uploads.forget(hash, page.path).catch(() => undefined);
    return { seeOther: `${page.path}?set=${result.count}` };
  }

  /** Comparing a file is work that others wait for: who floods the site with files has to wait. */
  async #tooMany(request: SiteRequest, page: CsvPage): Promise<PageContent | undefined> {
    const { line } = subscriberLoginOf(request).subscriber;
    const seconds = await this.#uploads.take(line.lineNumber);
    if (seconds === 0) return undefined;
    this.#metrics.csv(page.holds, 'too-many');
    const errors = { '': tooManySentence(seconds) };
    return tooEarly({ ...csvPage(request.brand, page), errors }, seconds);
  }

  /** What a file would change, kept until that is set; or what is wrong with it. */
  async #shown(
    { brand, login }: SiteRequest,
    page: CsvPage,
    { text, comparison, isAnew }: { text: string; comparison: Comparison<unknown>; isAnew: boolean },
  ): Promise<PageContent> {
    const { problems, changes, seen } = comparison;
    const found = problems.length > 0 ? 'faulty' : changes.length === 0 ? 'same' : 'shown';
    this.#metrics.csv(page.holds, isAnew ? 'changed' : found);
    if (found === 'faulty') return csvPage(brand, page, problems);
    if (found === 'same')
      return { ...csvPage(brand, page), notice: SAME, noticeKind: 'warning', status: isAnew ? 409 : 200 };
    const id = randomUUID();
    await this.#uploads.keep(login?.hash ?? '', page.path, { id, text, seen });
    return previewPage({ brand, page, changes, upload: id, isAnew });
  }
}

function tooManySentence(seconds: number): string {
  return `CSVファイルの確認や一括設定が続いたため、受け付けていません。設定は変わっていません。あと${shownWait(seconds)}待ってから、もう一度お試しください。`;
}

/** Which of the pages a request is for. */
function pageOf({ url = '' }: SiteRequest): CsvPage {
  const [asked = ''] = url.split('?', 1);
  const page = CSV_PAGES.get(asked) ?? CSV_PAGES.get(asked.slice(0, asked.lastIndexOf('/')));
  if (!page) throw new Error('the route is of no table');
  return page;
}
