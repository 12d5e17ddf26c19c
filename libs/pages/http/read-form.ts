import type { IncomingMessage } from 'node:http';
import { formBody } from './form-body.ts';
import { PageError } from './page-error.ts';
import type { Middleware, PageRequest } from './page-request.ts';

/** The most that a form may carry. */
export const MAX_FORM_BYTES = 64 * 1024;

/** Whether a request carries a form that is read before its page; one with a file is read by its page. */
export const isForm = (request: IncomingMessage): boolean =>
  request.method === 'POST' && !(request as PageRequest).route.upload;

const FORM_TYPE = /^application\/x-www-form-urlencoded[\t ]*(;[\t ]*charset="?utf-8"?[\t ]*)?;?$/i;

const UPLOAD_TYPE = /^multipart\/form-data[\t ]*;/i;

/**
 * Whether the headers say that this is a form, uncompressed and in UTF-8; a form without fields needs no type. One with
 * a file (`isUpload`) is of another type.
 */
export function saysForm({ headers }: IncomingMessage, isUpload: boolean): boolean {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = headers;
  if (encoding.toLowerCase() !== 'identity') return false;
  if (isUpload) return UPLOAD_TYPE.test(type ?? '');
  if (type !== undefined) return FORM_TYPE.test(type);
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}

/** Runs after the body parser, which leaves bytes. */
export const readForm: Middleware<PageRequest> = (request, _, next) => {
  const { body } = request as { body?: unknown };
  request.form = formBody(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
  next();
};

/** What the body parser found, by its own names. */
export function formError(cause: Error): PageError | undefined {
  const type = 'type' in cause ? cause.type : undefined;
  if (type === 'entity.too.large') return new PageError('too-large', { cause });
  if (type === 'request.aborted' || type === 'request.size.invalid')
    return new PageError('cut-off', { cause });
  return undefined;
}
