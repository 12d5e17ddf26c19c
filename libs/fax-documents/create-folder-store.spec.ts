import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FaxDocuments } from './fax-documents.ts';
import { openFaxDocuments } from './open-fax-documents.ts';
import { FAX_DOCUMENTS_CONTRACT } from './testing/fax-documents-contract.ts';

let above: string;
let folder: string;

beforeEach(async () => {
  above = await mkdtemp(path.join(tmpdir(), 'fax-documents-'));
  folder = path.join(above, 'documents');
});
afterEach(() => rm(above, { recursive: true, force: true }));

const open = (): FaxDocuments => openFaxDocuments({ FAX_DOCUMENTS_URL: { kind: 'folder', folder } });

describe('F2 FAX documents in a folder', () => {
  it.each(FAX_DOCUMENTS_CONTRACT)('%s', (_title, check) => check(open()));

  it('are files of that folder alone, each under its own name, and nothing half written stays', async () => {
    await writeFile(path.join(above, 'secret.pdf'), 'secret');
    const store = open();
    await store.put('f-1', Buffer.from('x'));
    expect(await readdir(folder)).toEqual(['f-1.pdf']);
    for (const id of ['../secret', '..%2fsecret', '%2e%2e/secret', '..\\secret', `${above}/secret`])
      expect(await store.open(id)).toBeUndefined();
    expect((await readdir(above)).toSorted()).toEqual(['documents', 'secret.pdf']);
  });

  it('are no folders that are called like one', async () => {
    await mkdir(path.join(folder, 'f-2.pdf'), { recursive: true });
    expect(await open().open('f-2')).toBeUndefined();
  });

  it('are not there before the folder is, and cannot be had while something else has its name', async () => {
    expect(await open().open('f-1')).toBeUndefined();
    await writeFile(folder, 'a file');
    await expect(open().open('f-1')).rejects.toMatchObject({
      code: 'FAX_STORE_UNAVAILABLE',
      retryable: true,
    });
    await expect(open().put('f-1', Buffer.from('x'))).rejects.toMatchObject({
      code: 'FAX_STORE_UNAVAILABLE',
    });
  });
});
