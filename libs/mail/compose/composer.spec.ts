import PostalMime from 'postal-mime';
import type { CallEvent } from '#events';
import { ensureTemplates } from '../build-templates.ts';
import { createComposer, type Composer } from './composer.ts';
import { loadBrands } from '../brand/load-brands.ts';
import type { ComposedMail, MailContent } from '../mail.ts';
import { BRANDS_DIR } from '../package-root.ts';

const AT = Date.parse('2026-11-21T10:00:00+09:00');
const CALL: CallEvent = {
  kind: 'call',
  source: 'switch-1',
  id: 'e-1',
  at: AT,
  lineNumber: '0312345678',
  calledNumber: '0312345679',
  caller: { number: '09012345678' },
  ringSeconds: 12,
  outcome: 'unanswered',
};

let templatesDir: string;
let clock: number;
let composer: Composer;

const withKey = (byte: number): Composer =>
  createComposer({
    templatesDir,
    brands: loadBrands(BRANDS_DIR),
    tokenKey: Buffer.alloc(32, byte),
    now: () => clock,
  });

beforeAll(async () => {
  templatesDir = await ensureTemplates();
}, 60_000);
beforeEach(() => {
  clock = AT + 2_000;
  composer = withKey(1);
});

const compose = (content: MailContent, brand = 'ntt-east', to = 'a@example.jp'): ComposedMail =>
  composer.compose(content, brand, to);
const callMail = (change: Partial<CallEvent> = {}): ComposedMail =>
  compose({ event: { ...CALL, ...change } });
const parsed = async (mail: ComposedMail) => PostalMime.parse(mail.message);
const textOf = async (mail: ComposedMail): Promise<string> => (await parsed(mail)).text ?? '';

describe('C10, C11: the call notice', () => {
  it('is what the operator documents, to the letter', async () => {
    const { subject, text, from } = await parsed(callMail({ outcome: 'answered' }));
    expect(subject).toBe('着信通知（0312345679）');
    expect(from).toEqual({ name: '着信お知らせメール', address: 'number_info@hikari.ntt-east.net' });
    expect(text?.replaceAll('\r\n', '\n').trimEnd()).toBe(`着信日時:2026/11/21 10:00:00
発信電話番号:09012345678
非通知理由:
呼び出し時間:12秒
着信状態:通話

------
NTT東日本「着信お知らせメール」
※各種設定は、ひかり電話設定サイトから行ってください。
https://www.hikari.ntt-east.net
※本メールは送信専用のため返信はできません。

※発信者が「非通知」で発信した場合などでは、発信電話番号は表示されません。`);
  });

  it.each([
    ['answered', '通話'],
    ['unanswered', '応答なし'],
    ['busy', '話中'],
    ['forwarded', '転送'],
  ] as const)('tells %s as %s', async (outcome, state) => {
    const { text, html } = await parsed(callMail({ outcome }));
    expect(text).toContain(`着信状態:${state}`);
    expect(html).toContain(`>${state}</b>`);
  });

  it.each([
    ['P', 'ユーザー拒否'],
    ['C', '公衆電話発信'],
    ['O', 'サービス提供不可・表示圏外'],
    ['S', 'サービス競合'],
  ] as const)('names the reason %s as %s, and has nothing to ring back', async (withheld, reason) => {
    const { text, html } = await parsed(callMail({ caller: { withheld } }));
    expect(text?.replaceAll('\r\n', '\n')).toContain(`発信電話番号:\n非通知理由:${reason}\n`);
    expect(html).toContain(reason);
    expect(html).not.toContain('tel:');
  });

  it.each(['110', '118', '119'])('shows the caller %s, and does not offer to ring back', async (number) => {
    const { text, html } = await parsed(callMail({ caller: { number } }));
    expect(html).not.toContain('tel:');
    for (const part of [text, html]) expect(part).toContain(number);
  });

  it('warns of a caller from abroad instead of offering to ring back', async () => {
    const { text, html } = await parsed(callMail({ caller: { number: '+14155550100' } }));
    expect(html).not.toContain('tel:');
    for (const part of [text, html]) {
      expect(part).toContain('国際電話からの着信です');
      expect(part).toContain('心当たりのない番号には、折り返し電話をかけないでください');
    }
    expect(text).toContain('発信電話番号:+14155550100');
    expect(html).toContain('+1-415-555-0100');
  });

  it('C11: says 途中放棄 in the fixed text, and more gently on the badge', async () => {
    const { text, html } = await parsed(callMail({ outcome: 'abandoned' }));
    expect(text).toContain('着信状態:途中放棄');
    expect(html).toContain('>応答前に終了</b>');
    expect(html).toMatch(/着信状態<\/td><td[^>]*>途中放棄</);
  });

  it.each([
    ['answered', '通話のあった着信です', '電話をかける'],
    ['unanswered', '応答のない着信がありました', '折り返し電話をかける'],
    ['forwarded', '着信を転送しました', '電話をかける'],
  ] as const)('C11: a call %s is headed %s, and its button says %s', async (outcome, headline, button) => {
    const { html } = await parsed(callMail({ outcome }));
    expect(html).toContain(`>${headline}</h1>`);
    expect(html).toContain(`>${button}</a>`);
    expect(html).not.toContain('途中放棄');
  });

  it('B1: is told in the words of its brand', async () => {
    const mail = await parsed(compose({ event: CALL }, 'ocn-west'));
    expect(mail.text).toContain('NTTドコモ（OCN）「着信お知らせメール」');
    expect(mail.text).toContain('https://www.hikari.ntt-west.net');
    expect(mail.from?.address).toBe('number_info@hikari.ntt-west.net');
  });
});

describe('R4: a recovery', () => {
  const recovery = { ...CALL, kind: 'recovery' as const, faultId: 'f', numbers: ['0312345678'] };
  const texts = { contractorName: '髙﨑商店', location: '本社' };

  it('tells the fault too when the recipient has not heard of it', async () => {
    const alone = await parsed(compose({ event: recovery, ...texts }));
    expect(alone.subject).toBe('回復のお知らせ（0312345678）');
    expect(alone.text).not.toContain('故障発生日時');
    const both = await parsed(compose({ event: recovery, ...texts, tellsFaultAt: AT - 3_600_000 }));
    expect(both.subject).toBe('故障・回復のお知らせ（0312345678）');
    expect(both.text).toContain('故障発生日時:2026/11/21 09:00:00');
  });

  it('counts the numbers that it does not list', async () => {
    const numbers = Array.from({ length: 1_000 }, (_, index) => `03${String(index).padStart(8, '0')}`);
    const { text, html } = await parsed(compose({ event: { ...recovery, numbers }, ...texts }));
    expect(text).toContain('ほか900番号');
    expect(html).toContain('ほか900番号');
  });
});

describe('the identity of a mail', () => {
  it('is the same on every attempt, only Date moves on', () => {
    const first = callMail();
    clock += 3_600_000;
    const second = withKey(1).compose({ event: CALL }, 'ntt-east', 'a@example.jp');
    expect({ ...second, message: '' }).toEqual({ ...first, message: '' });
    const undated = ({ message }: ComposedMail): string => message.toString().replace(/^Date: .*$/m, '');
    expect(undated(second)).toBe(undated(first));
  });

  it('differs for another source, event or recipient, and its return path for another key', () => {
    const mails = [
      callMail(),
      callMail({ source: 'switch-2' }),
      callMail({ id: 'e-2' }),
      callMail({ source: 'switch-1e-1', id: '' }),
      compose({ event: CALL }, 'ntt-east', 'b@example.jp'),
    ];
    const rotated = withKey(2).compose({ event: CALL }, 'ntt-east', 'a@example.jp');
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
    expect(rotated.messageId).toBe(mails[0]?.messageId);
    expect(new Set([...mails, rotated].map(({ from }) => from)).size).toBe(mails.length + 1);
    expect(mails.filter(({ from, messageId }) => from.includes(messageId.slice(1, 17)))).toEqual([]);
  });
});

describe('access mails (O1–O3)', () => {
  const access = {
    source: 's',
    id: '1',
    at: AT,
    number: '0312345679',
    brand: 'ntt-east',
    recipient: 'a@example.jp',
    expiresAt: AT + 300_000,
  };
  const password = (code: string): MailContent => ({
    event: { ...access, kind: 'one-time-password' },
    secret: { code },
  });
  const registration = (link: string): MailContent => ({
    event: { ...access, kind: 'address-registration' },
    secret: { link },
  });

  it('O1: say the code, until when it is valid, and never to tell it', async () => {
    const text = await textOf(compose(password('48291736')));
    expect(text).toContain('ワンタイムパスワード:48291736');
    expect(text).toContain('有効期限:2026/11/21 10:05:00まで');
    expect(text).toContain('誰にも教えないでください');
  });

  it.each(['https://www.hikari.ntt-east.net/r?a=1&token=x-_~%20=', 'http://127.0.0.1:8080/r?a=1&token=x'])(
    'O2: hold the link as it was given: %s',
    async (link) => {
      const { text, html } = await parsed(compose(registration(link)));
      expect(text).toContain(`\r\n${link}\r\n`.replaceAll('\r\n', text?.includes('\r\n') ? '\r\n' : '\n'));
      expect(html).toContain(`href="${link.replace('&', '&amp;')}"`);
    },
  );

  it.each([
    'http://www.hikari.ntt-east.net/r',
    'javascript:alert(1)',
    'https://www.hikari.ntt-east.net@evil.example/',
    'https://a b',
    'https://x.jp/\r\nBcc: evil@example.com',
    'https://',
    `https://x.jp/${'a'.repeat(2_001)}`,
    '',
  ])('O2: refuse the link %j without repeating it', (link) => {
    expect(() => compose(registration(link))).toThrow(
      expect.objectContaining({
        code: 'SECRET_INVALID',
        message: 'A mail of kind address-registration: expected a link beginning with https://',
      }),
    );
  });

  it.each(['', '1 2', 'https://x.jp', '<b>1</b>', '1\r\n2', '1'.repeat(33)])(
    'O1: refuse the code %j',
    (code) => {
      expect(() => compose(password(code))).toThrow(expect.objectContaining({ code: 'SECRET_INVALID' }));
    },
  );

  it('O1, O2: refuse a secret of the other kind, none, and one that never expires', () => {
    const { event } = password('1');
    const { expiresAt: _, ...forever } = access;
    for (const content of [
      { event },
      { event, secret: { link: 'https://x.jp' } },
      { event: { ...forever, kind: 'one-time-password' }, secret: { code: '1' } },
    ] as MailContent[])
      expect(() => compose(content)).toThrow(
        expect.objectContaining({ code: 'SECRET_INVALID', retryable: false }),
      );
  });

  it('O4: say how to set a new password where the brand has a number for it, else where', async () => {
    const locked: MailContent = { event: { ...access, kind: 'account-locked' } };
    expect(await textOf(compose(locked))).toContain('仮パスワード設定用アクセス番号（03-6304-4747）');
    expect(await textOf(compose(locked, 'rakuten-mobile'))).toContain('カスタマー・セルフケア・サービスで');
  });
});

it('B1: a brand that no file describes is refused', () => {
  expect(() => compose({ event: CALL }, 'kita-denwa')).toThrow(
    expect.objectContaining({ code: 'BRAND_UNKNOWN' }),
  );
});

describe('F3: a FAX', () => {
  const fax = {
    kind: 'fax' as const,
    source: CALL.source,
    id: CALL.id,
    at: CALL.at,
    lineNumber: CALL.lineNumber,
    calledNumber: CALL.calledNumber,
    pages: 3,
    complete: true,
    documentId: 'f-1',
  };

  it('from abroad is warned of as a FAX, not as a call', async () => {
    const { text, html } = await parsed(compose({ event: { ...fax, sender: { number: '+442079460123' } } }));
    for (const part of [text, html]) {
      expect(part).toContain('国際電話番号からのFAXです');
      expect(part).toContain('お心当たりのない番号には、電話やFAXを返さないでください');
      expect(part).not.toMatch(/着信です|折り返し/);
    }
    expect(html).toContain('+44-20-7946-0123');
  });
});
