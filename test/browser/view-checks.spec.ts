import { expectKeyboardReaches } from './expect-keyboard-reaches.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  expectSmall,
  expectTargetsToTouch,
} from './view-checks.ts';
import { servePages } from './page-server.ts';
import { visit, type View } from './visit.ts';

const STYLE = `
  body { font-size: 1rem; color: #111; background: #fff }
  input, button, nav a { display: inline-block; min-width: 44px; min-height: 44px; max-width: 100% }
  @media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } a { color: #9cf } .faint { color: #222 } }
  :focus-visible { outline: 3px solid #06c }
  .unseen:focus-visible { outline: none }
  .clear:focus-visible { outline-color: transparent }
  .small { min-width: 0; min-height: 0; font-size: 8px; padding: 0; border: 0 }
  .wide { width: 300px }
  .in-text-size { width: 12rem }
  .backwards { display: flex; flex-direction: row-reverse; justify-content: flex-end }
  .upwards { display: flex; flex-direction: column-reverse }
  .row { position: relative; padding: 20px }
  .all::before { content: ''; position: absolute; inset: 0 }
  .cover { position: fixed; inset: 0; background: #fff }
`;

const page = (body: string, head = ''): string =>
  `<!doctype html><html lang="ja"><head><title>ログイン</title><link rel="stylesheet" href="/site.css">${head}</head>
  <body><main><h1>ログイン</h1>${body}</main></body></html>`;

const GOOD = page(`
  <p>ご利用の前に<a href="/">はじめての方へ</a>をお読みください。</p>
  <form><p><label>電話番号 <input name="number"></label></p>
  <fieldset><legend>単位</legend><label><input type="radio" name="unit">回線</label>
  <label><input type="radio" name="unit" checked>番号</label></fieldset>
  <button>ログイン</button></form><nav><a href="/">トップ</a></nav>`);

const url = await servePages({
  '/site.css': STYLE,
  '/site.js': 'document.title = "ログイン済み"',
  '/good': GOOD,
  '/script': page('', '<script src="/site.js"></script>'),
  '/no-label': page('<input name="number">'),
  '/faint-in-the-dark': page('<p class="faint">ご利用の前に</p>'),
  '/inline-script': page('<script>document.title = "x"</script>'),
  '/inline-style': page('<p style="color: red">赤</p>'),
  '/throws': page('<script src="/throws.js"></script>'),
  '/throws.js': 'throw new Error("broken")',
  '/foreign': page('<img alt="" src="http://127.0.0.2:1/counter.png">'),
  '/missing': page('<img alt="" src="/no.png">'),
  '/wide': page('<table class="wide"><tr><td>表</td></tr></table>'),
  '/wide-with-large-text': page('<p class="in-text-size">文</p>'),
  '/unseen': page('<button class="unseen">ログイン</button>'),
  '/clear': page('<button class="clear">ログイン</button>'),
  '/covered': page('<button>ログイン</button><div class="cover"></div>'),
  '/trap': page('<button>1</button><button>2</button><script src="/trap.js"></script>'),
  '/trap.js':
    'document.onkeydown = (key) => document.activeElement.innerText === "1" && key.preventDefault()',
  '/disordered': page('<button>1</button><button tabindex="1">2</button>'),
  '/backwards': page('<div class="backwards"><button>1</button><button>2</button></div>'),
  '/upwards': page('<div class="upwards"><button>1</button><button>2</button></div>'),
  '/small-button': page('<button class="small">OK</button>'),
  '/small-link': page('<p><a href="/">トップ</a></p>'),
  '/small-link-with-text-below': page('<div><a href="/">トップ</a><p>はじめての方</p></div>'),
  '/large-around-small-link': page('<div class="row"><a class="all" href="/">トップ</a></div>'),
  '/small-box': page('<input class="small" aria-label="番号" size="1">'),
  '/large': page(`<!--${'x'.repeat(60_000)}-->`),
});

const PHONE: View = { width: 375 };

async function open(path: string, view = PHONE) {
  const visitor = await visit(url, view);
  await visitor.page.goto(path);
  return visitor;
}

describe('A page that is as it should be', () => {
  it.each<View>([PHONE, { width: 320, textSize: 2 }, { width: 1280, colorScheme: 'dark' }])(
    'passes every check in %j',
    async (view) => {
      const { page: tab } = await open('/good', view);
      await expectAccessible(tab);
      await expectNoSidewaysScroll(tab);
      await expectKeyboardReaches(tab, ['textbox "電話番号"', 'radio "番号"', 'button "ログイン"']);
      await expectTargetsToTouch(tab);
      await expectSmall(tab);
    },
  );

  it('runs its script only where JavaScript is on', async () => {
    expect(await (await open('/script')).page.title()).toBe('ログイン済み');
    const { page: tab } = await open('/script', { ...PHONE, javaScript: false });
    expect(await tab.title()).toBe('ログイン');
    await expectNoSidewaysScroll(tab);
    await expect(expectAccessible(tab)).rejects.toThrow('JavaScript');
  });

  it('may be an error page, and is watched in every tab', async () => {
    const { page: tab, newTab, faults } = await open('/nowhere');
    expect(await tab.textContent('body')).toBe('not found');
    expect(faults).toEqual([]);
    await (await newTab()).goto('/inline-style');
    expect(faults.splice(0)).toEqual([expect.stringContaining('Content Security Policy')]);
  });
});

describe('What a page may not do', () => {
  it.each([
    ['/inline-script', 'Content Security Policy', 1],
    ['/inline-style', 'Content Security Policy', 1],
    ['/throws', 'script: Error: broken', 1],
    ['/missing', 'answer: 404', 1],
  ])('is noticed on %s', async (path, fault, count) => {
    const { faults } = await open(path);
    expect(faults.splice(0)).toEqual(Array(count).fill(expect.stringContaining(fault)));
  });

  it('is noticed where JavaScript is off', async () => {
    const { faults } = await open('/inline-style', { ...PHONE, javaScript: false });
    expect(faults.splice(0)).toEqual([expect.stringContaining('Content Security Policy')]);
  });

  it('is to ask another host, even when the policy forbids the answer', async () => {
    const { faults } = await open('/foreign');
    expect(faults.splice(0)).toContainEqual(expect.stringContaining('http://127.0.0.2:1/counter.png'));
  });
});

describe('Each check fails on a page that is not as it should be', () => {
  it.each([
    ['/no-label', PHONE, 'label'],
    ['/faint-in-the-dark', { ...PHONE, colorScheme: 'dark' } as View, 'color-contrast'],
  ])('axe on %s', async (path, view, rule) => {
    const { page: tab } = await open(path, view);
    await expect(expectAccessible(tab)).rejects.toThrow(rule);
  });

  it('axe on no page whose colours are right in the scheme at hand', async () => {
    await expectAccessible((await open('/faint-in-the-dark')).page);
  });

  it('the width at 320 px, and with text of 200 %', async () => {
    const narrow = await open('/wide', { width: 300 });
    await expect(expectNoSidewaysScroll(narrow.page)).rejects.toThrow('td 表');
    const usual = await open('/wide-with-large-text', { width: 320 });
    await expectNoSidewaysScroll(usual.page);
    const large = await open('/wide-with-large-text', { width: 320, textSize: 2 });
    await expect(expectNoSidewaysScroll(large.page)).rejects.toThrow('p 文');
  });

  it.each([
    ['/unseen', 'focus not seen: button ログイン'],
    ['/clear', 'focus not seen: button ログイン'],
    ['/covered', 'focus covered: button ログイン'],
    ['/trap', 'not reached: button 2'],
    ['/disordered', 'from button \\"2\\" to button \\"1\\"'],
    ['/backwards', 'from button \\"1\\" to button \\"2\\"'],
    ['/upwards', 'from button \\"1\\" to button \\"2\\"'],
  ])('the keyboard on %s', async (path, fault) => {
    const { page: tab } = await open(path);
    await expect(expectKeyboardReaches(tab, [])).rejects.toThrow(fault);
  });

  it('the keyboard where a control has another name', async () => {
    const { page: tab } = await open('/good');
    await expect(expectKeyboardReaches(tab, ['button "送信"'])).rejects.toThrow('button \\"送信\\"');
  });

  it.each([
    ['/small-button', 'button OK'],
    ['/small-link', 'a トップ'],
    ['/small-link-with-text-below', 'a トップ'],
    ['/small-box', 'input 番号'],
  ])('the size of what can be touched on %s', async (path, name) => {
    const { page: tab } = await open(path);
    await expect(expectTargetsToTouch(tab)).rejects.toThrow(name);
  });

  it('the size of what can be touched, but not where more than the text can be', async () => {
    await expectTargetsToTouch((await open('/large-around-small-link')).page);
  });

  it('the size of what is sent', async () => {
    const { page: tab } = await open('/large');
    await expect(expectSmall(tab)).rejects.toThrow('/large');
  });
});
