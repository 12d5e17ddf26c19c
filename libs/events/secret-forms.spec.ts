import { formsOf, maskSecrets } from './secret-forms.ts';

const secret = 'kö?n"ig/+1';

describe('a secret in a text', () => {
  it.each([
    ['as it is', (text: string) => text],
    ['in a URL', (text: string) => `redis://:${encodeURIComponent(text)}@redis:6379 refused`],
    ['in JSON', (text: string) => JSON.stringify({ told: text })],
    ['in a login in base64', (text: string) => Buffer.from(`\0me\0${text}`).toString('base64')],
    ['in base64url', (text: string) => Buffer.from(`{"p":"${text}"}`).toString('base64url')],
  ])('is masked %s', (_, told) => {
    const masked = maskSecrets(['another', secret])(told(secret));
    expect(masked).toContain('***');
    for (const form of formsOf(secret)) expect(masked).not.toContain(form);
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'is masked in base64 %i bytes behind its beginning, with anything behind it',
    (before) => {
      for (const after of ['', '.', '..', ' and more']) {
        const encoded = Buffer.from('.'.repeat(before) + secret + after).toString('base64');
        expect(maskSecrets([secret])(encoded)).toMatch(/^.{0,10}\*\*\*.{0,16}$/);
      }
    },
  );

  it('that is empty or very short hides nothing else', () => {
    expect(maskSecrets(['', 'a'])('YWJj: no')).toBe('YWJj: no');
  });
});
