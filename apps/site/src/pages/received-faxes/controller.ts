import { Controller, Get, Inject, Req } from '@nestjs/common';
import { japanTimeToTheSecond } from '#events';
import type { FaxDocument, FaxDocuments } from '#fax-documents';
import { type PageContent, PageError } from '#pages';
import type { Logger } from '#platform';
import type { ReceivedFax, ReceivedFaxes } from '#redis';
import type { PageRoute } from '../../http/page-route.ts';
import { numberInPath } from '../../http/scope.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import type { Download } from '../../http/stream-answer.ts';
import { FAXES, LOGGER } from '../../tokens.ts';
import { missingDocumentPage, receivedFaxesPage } from './view.tsx';

const AT = '/numbers/:number/fax-notice/received';

export const RECEIVED_FAXES_ROUTES: readonly PageRoute[] = [
  { path: AT, methods: ['GET'], who: ['in'] },
  { path: `${AT}/:documentId`, methods: ['GET'], who: ['in'] },
];

/** What stands behind the pages of received FAXes. */
export interface FaxDeps {
  readonly index: Pick<ReceivedFaxes, 'ofNumber'>;
  /** Absent where no store is set up. */
  readonly documents?: Pick<FaxDocuments, 'open'>;
}

/** F2: the FAXes that a number received, and their documents. */
@Controller(AT)
export class ReceivedFaxesController {
  readonly #faxes: FaxDeps;
  readonly #logger: Logger;

  constructor(@Inject(FAXES) faxes: FaxDeps, @Inject(LOGGER) logger: Logger) {
    this.#faxes = faxes;
    this.#logger = logger;
  }

  @Get()
  async list(@Req() request: SiteRequest): Promise<PageContent> {
    const number = numberInPath(request, 'fax-notice');
    const { index, documents } = this.#faxes;
    const faxes = await index.ofNumber(number);
    const page = /^\d{1,4}$/.exec(request.query.get('page') ?? '') ?? 1;
    return receivedFaxesPage(request, {
      number,
      faxes,
      page: Number(page),
      hasDocuments: documents !== undefined,
    });
  }

  /** A document that this number received, under its present contract: the store is asked for no other. */
  @Get(':documentId')
  async open(@Req() request: SiteRequest): Promise<PageContent | Download> {
    const number = numberInPath(request, 'fax-notice');
    const { index, documents } = this.#faxes;
    const asked = request.params['documentId'];
    const fax = (await index.ofNumber(number)).find(({ documentId }) => documentId === asked);
    if (!fax) throw new PageError('not-found');
    const document = await documents?.open(fax.documentId);
    if (!document) return missingDocumentPage(request, number);
    document.stream.once('error', (err) => this.#logger.warn({ err }, 'The document of a FAX broke off'));
    return { stream: document.stream, headers: headersOf(fax, document, request.query.get('save') === '1') };
  }
}

function headersOf({ at }: ReceivedFax, { bytes }: FaxDocument, save: boolean): Record<string, string> {
  // Its id means nothing to who saves it.
  const name = `fax-${japanTimeToTheSecond(at).slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}.pdf`;
  return {
    'content-type': 'application/pdf',
    'content-disposition': `${save ? 'attachment' : 'inline'}; filename="${name}"`,
    ...(bytes !== undefined && { 'content-length': String(bytes) }),
  };
}
