import type { MailContent } from '#mail';

type Words = readonly string[];

/** Texts that must arrive unchanged; others are cut or cleaned up. */
const PLAIN_TEXT = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\w]+( [\p{Script=Han}\w]+)*$/u;

/** Formats `2026/11/21 10:00:00` in Japan time, in another way than the product does. */
function inJapan(at: number): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Tokyo',
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
  return parts.replaceAll('-', '/');
}

const STATES = {
  answered: '通話',
  unanswered: '応答なし',
  busy: '話中',
  forwarded: '転送',
  abandoned: '途中放棄',
};
const REASONS = {
  P: 'ユーザー拒否',
  C: '公衆電話発信',
  O: 'サービス提供不可・表示圏外',
  S: 'サービス競合',
};

function partyFacts(party: { number: string } | { withheld: keyof typeof REASONS }): Words {
  if ('withheld' in party) return [REASONS[party.withheld]];
  return party.number.startsWith('+') ? [party.number, '国際電話', 'ないでください'] : [party.number];
}

/** The facts that both the text and the HTML of a mail must state (C10, C11, F3, R2, R4, O1–O4). */
export function factsOf(content: MailContent): Words {
  if ('contractorName' in content) {
    const { event, contractorName, location, tellsFaultAt } = content;
    const numbers = event.numbers ?? ['契約回線のすべての電話番号'];
    const further = numbers.length > 100 ? [`ほか${numbers.length - 100}番号`] : [];
    const texts = [contractorName, location].filter((text) => text.length <= 100 && PLAIN_TEXT.test(text));
    const fault = event.kind === 'fault' || tellsFaultAt === undefined ? [] : [inJapan(tellsFaultAt)];
    return [inJapan(event.at), event.lineNumber, ...numbers.slice(0, 100), ...further, ...texts, ...fault];
  }
  const { event } = content;
  switch (event.kind) {
    case 'call':
      return [
        inJapan(event.at),
        `${event.ringSeconds}秒`,
        STATES[event.outcome],
        ...partyFacts(event.caller),
      ];
    case 'fax':
      return [
        inJapan(event.at),
        `${event.pages}ページ`,
        event.calledNumber,
        event.complete ? '受信完了' : '受信中断',
        ...partyFacts(event.sender),
      ];
    default: {
      const secret = 'secret' in content ? Object.values(content.secret ?? {}) : [];
      const until =
        event.expiresAt === undefined || secret.length === 0 ? [] : [`${inJapan(event.expiresAt)}まで`];
      return [event.number, ...secret, ...until];
    }
  }
}

/** The words that both the subject and the text must contain. */
export function wordsOf(content: MailContent): Words {
  switch (content.event.kind) {
    case 'call':
      return [];
    case 'fax':
      return ['FAX'];
    case 'fault':
      return ['故障'];
    case 'recovery':
      return 'tellsFaultAt' in content && content.tellsFaultAt !== undefined ? ['故障', '回復'] : ['回復'];
    case 'one-time-password':
      return ['ワンタイムパスワード'];
    case 'two-step-code':
      return ['認証コード'];
    case 'address-registration':
      return ['本登録'];
    case 'password-changed':
      return ['パスワード', '変更'];
    case 'address-changed':
      return ['メールアドレス', '変更'];
    case 'account-locked':
      return ['ロック'];
    case 'test':
      return ['送信テスト'];
  }
}
