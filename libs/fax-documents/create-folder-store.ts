import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { FaxDocument, FaxDocuments } from './fax-documents.ts';
import { FaxDocumentsError } from './fax-documents-error.ts';

/** What a folder says when a name is not in it. */
const NOT_THERE = ['ENOENT', 'ENAMETOOLONG'];

/** Documents as files of a folder, which is made with the first of them. Names have been checked. */
export function createFolderStore(folder: string): FaxDocuments {
  return {
    async open(name) {
      try {
        return await opened(path.join(folder, name));
      } catch (cause) {
        if (NOT_THERE.includes(codeOf(cause))) return undefined;
        throw storeError(cause);
      }
    },
    async put(name, pdf) {
      const part = path.join(folder, `.${randomUUID()}.part`);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(part, pdf);
        await rename(part, path.join(folder, name));
      } catch (cause) {
        await rm(part, { force: true }).catch(() => undefined);
        throw storeError(cause);
      }
    },
  };
}

async function opened(file: string): Promise<FaxDocument | undefined> {
  const handle = await open(file, 'r');
  try {
    const about = await handle.stat();
    if (about.isFile()) return { bytes: about.size, stream: read(handle, about.size) };
    await handle.close();
    return undefined;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** As many bytes as were announced, should the file grow meanwhile. */
function read(handle: FileHandle, size: number): FaxDocument['stream'] {
  return handle.createReadStream({ start: 0, end: Math.max(0, size - 1) });
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

function storeError(cause: unknown): FaxDocumentsError {
  const code = ['EACCES', 'EPERM'].includes(codeOf(cause)) ? 'FAX_STORE_REFUSES' : 'FAX_STORE_UNAVAILABLE';
  return new FaxDocumentsError(code, `The folder of FAX documents cannot be used: ${codeOf(cause)}`, cause);
}
