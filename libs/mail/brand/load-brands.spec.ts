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
