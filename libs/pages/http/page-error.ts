/** Why a request is answered with an error page, and the status of that page. */
const STATUS = {
  'cut-off': 400,
  'foreign-site': 403,
  'not-found': 404,
  'wrong-method': 405,
  'too-large': 413,
  'wrong-type': 415,
  'too-many': 429,
  bug: 500,
  away: 503,
} as const;

/** Why a request is answered with an error page. */
export type PageErrorCode = keyof typeof STATUS;

/** Thrown while a request is handled; the filter turns it into a page. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly code: PageErrorCode;
  readonly status: number;
  /** Headers that say more, such as `retry-after` in seconds. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: PageErrorCode,
    options: { readonly headers?: Readonly<Record<string, string>>; readonly cause?: unknown } = {},
  ) {
    super(code, { cause: options.cause });
    this.code = code;
    this.status = STATUS[code];
    this.headers = options.headers ?? {};
  }

  /** Whether the same request may work later. */
  get retryable(): boolean {
    return this.code === 'too-many' || this.code === 'away' || this.code === 'cut-off';
  }
}
