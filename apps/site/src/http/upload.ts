import type { NestInterceptor, Type } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { SiteRequest } from './site-request.ts';

/** The most bytes that a file may have: 1,000 call notices that are as long as they can be have 1.9 MB. */
const MAX_FILE_BYTES = 3 * 1024 * 1024;

/** Reads the file of a field into memory, once the login was let in. Of the form, nothing else is read. */
export const uploadOf = (field: string): Type<NestInterceptor> =>
  FileInterceptor(field, {
    limits: { fileSize: MAX_FILE_BYTES, files: 1, fields: 2, fieldSize: 100, parts: 3 },
  });

/** The bytes of the file that was sent; `undefined` when none was chosen. Its name and type count for nothing. */
export function uploadedFile(request: SiteRequest): Uint8Array | undefined {
  const { file } = request as { file?: { readonly buffer: Buffer } };
  return file?.buffer;
}
