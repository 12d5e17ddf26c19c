import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { servePages } from './page-server.ts';
import { visit } from './visit.ts';

const STYLE = `
  button { min-width: 3rem; min-height: 3rem }
  .faint { color: #777; background: #888 }
  @media not (prefers-color-scheme: dark) { .faint-in-the-dark { color: #111; background: #fff } }
  @media (prefers-color-scheme: dark) { .faint-in-the-light { color: #eee; background: #111 } }
  :focus-visible { outline: 3px solid #06c }
  @media (min-width: 1000px) { .unseen-if-wide:focus-visible { outline: none } }
  @media (max-width: 1000px) { .unseen-if-narrow:focus-visible { outline: none } }
  .as-text { width: 12rem }
  @media (width: 320px) { .wide-at-320 { width: 330px } }
  @media (width: 375px) { .small-at-375 { width: 20px; min-width: 0 } }
  @media (width: 1280px) { .small-at-1280 { width: 20px; min-width: 0 } }
`;

const page = (body: string): string =>
  `<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8" /><title>トップ</title><link rel="stylesheet" href="/site.css" /></head>
<body><main><h1>トップ</h1>${body}</main></body></html>`;

const button = (type: string): string => page(`<button type="button" class="${type}">ログイン</button>`);

const url = await servePages({
  '/site.css': STYLE,
  '/good': button('good'),
  '/invalid': page('<p id="a">1</p><p id="a">2</p>'),
  '/large': page(`<p hidden>${'x'.repeat(60_000)}</p>`),
  '/large-text': page('<p class="as-text">文</p>'),
  '/wide-at-320': page('<p class="wide-at-320">文</p>'),
  '/small-at-375': button('small-at-375'),
  '/small-at-1280': button('small-at-1280'),
  '/unseen-if-narrow': button('unseen-if-narrow'),
  '/unseen-if-wide': button('unseen-if-wide'),
  '/faint-in-the-dark': page('<p class="faint faint-in-the-dark">ご利用の前に</p>'),
  '/faint-in-the-light': page('<p class="faint faint-in-the-light">ご利用の前に</p>'),
});

async function check(path: string): Promise<void> {
  const visitor = await visit(url, { width: 375 });
  await visitor.page.goto(path);
  await expectSuitsEverybody(visitor.page, []);
}

describe('expectSuitsEverybody', () => {
  it('passes a page that is as it should be', async () => {
    await expect(check('/good')).resolves.toBeUndefined();
  });

  it.each([
    ['/invalid', 'no-dup-id'],
    ['/large', '/large'],
    ['/large-text', 'p 文'],
    ['/wide-at-320', 'p 文'],
    ['/small-at-375', 'ログイン'],
    ['/small-at-1280', 'ログイン'],
    ['/unseen-if-narrow', 'focus not seen'],
    ['/unseen-if-wide', 'focus not seen'],
    ['/faint-in-the-dark', 'color-contrast'],
    ['/faint-in-the-light', 'color-contrast'],
  ])('rejects %s', async (path, fault) => {
    await expect(check(path)).rejects.toThrow(fault);
  });
});
