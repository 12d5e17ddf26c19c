import fc from 'fast-check';
import path from 'node:path';
import { documentName } from './document-name.ts';
import { IMPOSSIBLE_IDS } from './testing/fax-documents-contract.ts';

describe('F2 the name of a FAX document in its store', () => {
  it.each(['f-20261121-0001', 'A', '0', 'a.b', '-a', '.a', 'a..b', 'con-1', 'x'.repeat(200)])(
    'is made of %p',
    (id) => expect(documentName(id)).toBe(`${id}.pdf`),
  );

  it.each(IMPOSSIBLE_IDS)('is not made of %p', (id) => expect(documentName(id)).toBeUndefined());

  it('stays in its folder and in its URL, whatever the id', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[./\\%2eEfF-]{1,9}$/)),
        (id) => {
          const name = documentName(id);
          if (name === undefined) return;
          expect(path.posix.dirname(path.posix.join('/documents', name))).toBe('/documents');
          expect(path.win32.dirname(path.win32.join('C:\\documents', name))).toBe('C:\\documents');
          expect(new URL(`https://s3.example/bucket/${name}`).pathname).toBe(`/bucket/${name}`);
        },
      ),
    );
  });
});
