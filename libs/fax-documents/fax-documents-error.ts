/** Why a store does not do what it is asked to: it does not answer, it refuses us, or no document can have this id. */
export type FaxDocumentsErrorCode = 'FAX_STORE_UNAVAILABLE' | 'FAX_STORE_REFUSES' | 'FAX_DOCUMENT_ID';

/** The error of every store of FAX documents. Its text names no document. */
export class FaxDocumentsError extends Error {
  override readonly name = 'FaxDocumentsError';
  readonly code: FaxDocumentsErrorCode;

  constructor(code: FaxDocumentsErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }

  /** Whether asking again later may help; a store that refuses us needs a person, but the subscriber can only wait. */
  get retryable(): boolean {
    return this.code !== 'FAX_DOCUMENT_ID';
  }
}
