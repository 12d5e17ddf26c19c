import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openFaxDocuments, type FaxDocuments } from '#fax-documents';
import { FAX_DOCUMENTS_CONTRACT } from '../../libs/fax-documents/testing/fax-documents-contract.ts';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { dataFolder, startServer, stopServer } from '../../tools/stack/server.ts';
import { closeLater } from '../support/close-later.ts';
import { S3_KEY, s3Server } from '../support/s3-server.ts';

const folder = await mkdtemp(path.join(tmpdir(), 's3-'));
closeLater(() => rm(folder, { recursive: true, force: true }));
const [port = 0] = await freePorts(1);
await mkdir(path.join(dataFolder(folder), 'faxes'), { recursive: true });
await startServer(await s3Server(folder, port));
closeLater(() => stopServer(folder));

const place = {
  kind: 's3',
  endpoint: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  bucket: 'faxes',
  prefix: 'received/2026/',
} as const;

/** The store, as the environment says it; `other` is what it says differently. */
function open(other: Parameters<typeof openFaxDocuments>[0] = {}): FaxDocuments {
  const key = { FAX_DOCUMENTS_KEY_ID: S3_KEY.keyId, FAX_DOCUMENTS_SECRET: S3_KEY.secret };
  const store = openFaxDocuments({ FAX_DOCUMENTS_URL: place, ...key, ...other });
  if (!store) throw new Error('expected a store');
  return store;
}

describe('F2 FAX documents on a real S3 server', () => {
  it.each(FAX_DOCUMENTS_CONTRACT)('%s', (_title, check) => check(open()));

  it('lie under the prefix', async () => {
    await open().put('f-9', Buffer.from('%PDF'));
    expect(await readdir(path.join(dataFolder(folder), 'faxes', 'received', '2026'))).toContain('f-9.pdf');
  });

  it.each([
    ['the wrong secret', { FAX_DOCUMENTS_SECRET: 'wrong' }],
    ['the wrong key id', { FAX_DOCUMENTS_KEY_ID: 'wrong' }],
    ['a bucket that is not there', { FAX_DOCUMENTS_URL: { ...place, bucket: 'none' } }],
  ])('are refused with %s', async (_what, other) => {
    await expect(open(other).open('f-9')).rejects.toMatchObject({ code: 'FAX_STORE_REFUSES' });
  });

  it('cannot be had while the server is down', async () => {
    const [nobody = 0] = await freePorts(1);
    const elsewhere = { ...place, endpoint: `http://127.0.0.1:${nobody}` };
    const store = open({ FAX_DOCUMENTS_URL: elsewhere });
    await expect(store.open('f-9')).rejects.toMatchObject({ code: 'FAX_STORE_UNAVAILABLE', retryable: true });
  });
});
