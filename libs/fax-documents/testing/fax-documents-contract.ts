import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import type { FaxDocuments } from '../fax-documents.ts';

const LARGE = 3_000_000;

const IMPOSSIBLE_PATHS = [
  '',
  '.',
  '..',
  '...',
  '../secret',
  '..%2fsecret',
  'a/b',
  'a\\b',
  '/etc/passwd',
  'C:secret',
];
const IMPOSSIBLE_SIGNS = [
  'a\0b',
  'a\nb',
  'a b',
  'a?b',
  'a#b',
  'a:b',
  'a%2e',
  '%2e%2e%2fa',
  'ａ',
  'é',
  '💥',
  'x'.repeat(201),
];
const WINDOWS_DEVICES = ['con', 'NUL', 'nul.txt', 'Com1', 'lpt9.a.b', 'aux'];
/** Ids that are no plain names: whatever a path, a URL or Windows could read as more. */
export const IMPOSSIBLE_IDS = [...IMPOSSIBLE_PATHS, ...IMPOSSIBLE_SIGNS, ...WINDOWS_DEVICES];

/** What every store of FAX documents does. */
export const FAX_DOCUMENTS_CONTRACT: readonly (readonly [
  title: string,
  check: (store: FaxDocuments) => Promise<void>,
])[] = [
  [
    'gives back what was put into it, with its length',
    async (store) => {
      await store.put('f-20261121-0001', Buffer.from('%PDF one'));
      const found = await store.open('f-20261121-0001');
      expect(found?.bytes).toBe(8);
      expect(found && (await buffer(found.stream)).toString()).toBe('%PDF one');
    },
  ],
  [
    'takes the last one of an id',
    async (store) => {
      await store.put('twice', Buffer.from('first'));
      await store.put('twice', Buffer.from('second'));
      const found = await store.open('twice');
      expect(found && (await buffer(found.stream)).toString()).toBe('second');
    },
  ],
  [
    'gives back a large document, and one without a byte',
    async (store) => {
      const large = randomBytes(LARGE);
      await store.put('large', large);
      await store.put('empty', Buffer.alloc(0));
      const found = await store.open('large');
      expect(found && (await buffer(found.stream)).equals(large)).toBe(true);
      const empty = await store.open('empty');
      expect(empty && (await buffer(empty.stream)).length).toBe(0);
    },
  ],
  [
    'says that a document is not there',
    async (store) => {
      expect(await store.open('nobody-sent-it')).toBeUndefined();
    },
  ],
  [
    'lets a reader leave in the middle, and serves the next',
    async (store) => {
      await store.put('left', randomBytes(LARGE));
      const one = await store.open('left');
      one?.stream.read(1);
      one?.stream.destroy();
      await finished(one?.stream as NodeJS.ReadableStream).catch(() => undefined);
      const next = await store.open('left');
      expect(next && (await buffer(next.stream)).length).toBe(LARGE);
    },
  ],
  [
    'has no document with an id that is no plain name, and takes none',
    async (store) => {
      for (const id of IMPOSSIBLE_IDS) {
        expect([id, await store.open(id)]).toEqual([id, undefined]);
        await expect(store.put(id, Buffer.from('x'))).rejects.toMatchObject({
          code: 'FAX_DOCUMENT_ID',
          retryable: false,
        });
      }
    },
  ],
];
