import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBrands } from './load-brands.ts';
import { BRANDS_DIR } from '../package-root.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'brands-'));
  cpSync(BRANDS_DIR, dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

const east = (): string => readFileSync(join(BRANDS_DIR, 'ntt-east.yaml'), 'utf8');

/** What loading says once `name` holds `content`. */
function refusal(name: string, content: string): unknown {
  writeFileSync(join(dir, name), content);
  try {
    return loadBrands(dir);
  } catch (error) {
    return error;
  }
}

const refusedWith = (message: string): unknown =>
  expect.objectContaining({
    code: 'BRAND_INVALID',
    retryable: false,
    message: expect.stringContaining(`${dir}/${message}`),
  });

describe('brands (B1)', () => {
  it('come with the product: five, with the names of the operators', () => {
    const brands = loadBrands(BRANDS_DIR);
    expect([...brands.keys()]).toEqual(['ntt-east', 'ntt-west', 'ocn-east', 'ocn-west', 'rakuten-mobile']);
    expect(brands.get('ntt-east')).toMatchObject({
      operator: 'NTT東日本',
      site: { url: 'https://www.hikari.ntt-east.net' },
      mail: { domain: 'hikari.ntt-east.net' },
      accessNumber: '0363044747',
      words: { voiceWarp: 'ボイスワープ', additionalNumber: 'マイナンバー' },
    });
    expect(brands.get('ntt-west')).toMatchObject({
      operator: 'NTT西日本',
      accessNumber: '0664806430',
      words: { doubleChannel: '複数チャネル', additionalNumber: '追加番号' },
    });
    expect(brands.get('ocn-west')).toMatchObject({
      operator: 'NTTドコモ（OCN）',
      phoneService: 'OCN ひかり電話',
      mail: { domain: 'hikari.ntt-west.net' },
      words: { voiceWarp: '転送電話', nuisanceRefusal: '迷惑電話お断り' },
    });
  });

  it('are added by a file alone, with limits and deadlines of their own (C2, C4, C15)', () => {
    const overrides = 'deadlineHours: { call: 2.5 }\nlimits: { recipients: 10 }\n';
    writeFileSync(join(dir, 'kita-denwa.yaml'), east().replace('NTT東日本', '北電話') + overrides);
    expect(loadBrands(dir).get('kita-denwa')).toMatchObject({
      id: 'kita-denwa',
      operator: '北電話',
      deadlines: { call: 9_000_000 },
      limits: { recipients: 10 },
    });
    expect(loadBrands(dir).get('ntt-east')).toMatchObject({ deadlines: {}, limits: {} });
  });

  it('A5 ask of passwords what they like, and leave the rest to the rules', () => {
    writeFileSync(
      join(dir, 'kita-denwa.yaml'),
      `${east()}password: { minLength: 15, notOnly: [], days: 0 }\n`,
    );
    const brands = loadBrands(dir);
    expect(brands.get('kita-denwa')?.password).toEqual({ minLength: 15, notOnly: [], days: 0 });
    expect(brands.get('ntt-east')?.password).toEqual({});
  });

  it('B1 lead to pages of the operator, where they name some', () => {
    const brands = loadBrands(BRANDS_DIR);
    expect(brands.get('ntt-east')?.links).toEqual([]);
    expect(brands.get('ocn-east')?.links).toEqual([
      {
        text: 'OCN ひかり電話Webサイト',
        url: 'https://service.ocn.ne.jp/phone/ip/hikaridenwa/index.html',
      },
    ]);
  });

  it.each([
    [
      'links: [{ text: a, url: "http://a.example" }]',
      'links.0.url: expected an address beginning with https://',
    ],
    [
      'links: [{ text: a, url: "javascript:alert(1)" }]',
      'links.0.url: expected an address beginning with https://',
    ],
    ['links: [{ url: "https://a.example" }]', 'links.0.text: Invalid input: expected string'],
  ])('B1 refuse a link that is none of a page: %s', (links, message) => {
    const lines = east().split('\n').length;
    expect(refusal('x.yaml', `${east()}${links}\n`)).toEqual(refusedWith(`x.yaml:${lines}: ${message}`));
  });

  it('A2 word the telephone dialogue, and hear the default sentences where they do not', () => {
    const brands = loadBrands(BRANDS_DIR);
    const [east, west, ocn] = ['ntt-east', 'ntt-west', 'ocn-west'].map((id) => brands.get(id)?.dialogue);
    expect(east?.unit).toMatch(/^仮パスワードの設定を行います。仮パスワードを設定する単位を選択します。/);
    expect(east?.password).toContain('{number}番の仮パスワードの設定を行います。設定したい仮パスワードを');
    expect(ocn).toEqual(east);
    expect(west?.unit).toMatch(/^仮パスワード設定をする単位を選択します。.*管理者\/ユーザー単位に/);
    expect(west?.password).toContain('登録したい仮パスワードを');
    expect(west?.done).toBe(east?.done);
  });

  it.each([
    ["dialogue: { wrong: 'a\\nb' }", 'dialogue.wrong: expected one line of text without braces'],
    ["dialogue: { wrong: '{number}' }", 'dialogue.wrong: expected one line of text without braces'],
    ["dialogue: { done: '完了' }", 'dialogue.done: expected one line of text with {number} in it once'],
    [
      "dialogue: { done: '{number}{number}' }",
      'dialogue.done: expected one line of text with {number} in it once',
    ],
    ["dialogue: { greeting: 'a' }", 'dialogue.greeting: Unrecognized key: "greeting"'],
  ])('A2 refuse a sentence that cannot be spoken: %s', (dialogue, message) => {
    const lines = east().split('\n').length;
    expect(refusal('x.yaml', `${east()}${dialogue.replaceAll("'", '"')}\n`)).toEqual(
      refusedWith(`x.yaml:${lines}: ${message}`),
    );
  });

  it.each([
    [
      'a wrong value',
      /^  domain: .*$/m,
      '  domain: Hikari',
      'x.yaml:7: mail.domain: expected a domain in small letters',
    ],
    [
      'a missing field',
      /^operator: .*\n/m,
      '',
      'x.yaml:1: operator: Invalid input: expected string, received undefined',
    ],
    [
      'a missing inner field',
      /^  domain: .*\n/m,
      '',
      'x.yaml:6: mail.domain: Invalid input: expected string',
    ],
    [
      'a misspelt field',
      'accessNumber:',
      'accesNumber:',
      'x.yaml:9: accesNumber: Unrecognized key: "accesNumber"',
    ],
    [
      'a number without quotes',
      `'0363044747'`,
      '363044747',
      'x.yaml:9: accessNumber: Invalid input: expected string',
    ],
    [
      'a site without TLS',
      'https://',
      'http://',
      'x.yaml:5: site.url: expected an address beginning with https://',
    ],
    [
      'a sender with an @',
      'sender: fax_info',
      'sender: a@b',
      'x.yaml:12: services.fax.sender: expected the part before @',
    ],
    [
      'a footer with a link',
      '- ※本',
      '- https://x.jp ※本',
      'x.yaml:24: footer.0: expected a line without a link',
    ],
    [
      'two lines in a name',
      'operator: NTT東日本',
      'operator: "a\\nb"',
      'x.yaml:1: operator: expected one line of text',
    ],
    [
      'a password that nobody can choose',
      'footer:',
      'password: { minLength: 15, maxLength: 12 }\nfooter:',
      'x.yaml:23: password.maxLength: expected minLength or more',
    ],
    ['broken YAML', 'services:', 'services: [', 'x.yaml:12: not YAML'],
  ])('say file, line and what is expected for %s', (_, search, replacement, message) => {
    const broken = east().replace(search, replacement);
    expect(broken).not.toBe(east());
    expect(refusal('x.yaml', broken)).toEqual(refusedWith(message));
  });

  it('say all that is wrong at once, a line each', () => {
    const broken = east().replace('https://', 'http://').replace('hikari.ntt-east.net\n  b', 'X\n  b');
    expect(String(refusal('x.yaml', broken)).split('\n')).toHaveLength(2);
  });

  it('refuse a file whose name is no brand id, and an empty folder', () => {
    expect(refusal('NTT East.yaml', east())).toEqual(
      refusedWith('NTT East.yaml: expected a name like ntt-east.yaml'),
    );
    expect(() => loadBrands(mkdtempSync(join(tmpdir(), 'none-')))).toThrow(
      'expected at least one <brand>.yaml',
    );
  });
});
