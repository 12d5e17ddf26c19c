import type { EventData } from '#events';
import type { Stage } from './stage.ts';

/** Something that happens, and the expected result. */
export interface Scene {
  /** Shown in the table. */
  readonly title: string;
  /** Makes it happen; resolves with the event's id. */
  readonly act: (stage: Stage) => Promise<string>;
  readonly reason: string;
  /** Addresses that must receive a mail. */
  readonly mails: readonly string[];
  /** Must be part of the mail's subject. */
  readonly subject: string;
}

const FAMILY = '0312345678';
const SHOP = '0661112222';
const OWNER = '0661113333';
const CLINIC = '0453334444';

type Facts = Partial<EventData<'call.v1'>>;

function call(title: string, to: string, facts: Facts, reason: string, mails: readonly string[] = []): Scene {
  const lineNumber = to === OWNER ? SHOP : to;
  return {
    title,
    act: (stage) =>
      stage.publish('call.v1', lineNumber, {
        lineNumber,
        calledNumber: to,
        caller: { number: '09012345678' },
        startedAt: stage.now(),
        ringSeconds: 12,
        outcome: 'answered',
        ...facts,
      }),
    reason,
    mails,
    subject: `着信通知（${to}）`,
  };
}

const unanswered: Facts = { outcome: 'unanswered', ringSeconds: 25 };

/** A morning on three lines that meets each rule once. */
export const STORY: readonly Scene[] = [
  call('A friend rings the family', FAMILY, {}, 'notify', ['taro@example.jp', 'hanako@example.jp']),
  call('Nobody is at home', FAMILY, unanswered, 'notify', ['taro@example.jp', 'hanako@example.jp']),
  call('Somebody hides the number', FAMILY, { caller: { withheld: 'P' } }, 'notify', [
    'taro@example.jp',
    'hanako@example.jp',
  ]),
  call('A call from abroad', FAMILY, { caller: { number: '+14155550100' }, ...unanswered }, 'notify', [
    'taro@example.jp',
    'hanako@example.jp',
  ]),
  call('The nuisance caller again', FAMILY, { caller: { number: '0120000000' } }, 'nuisance-caller'),
  call('A customer, and the shop answers', SHOP, {}, 'answered'),
  call('A customer, and the shop is busy', SHOP, { outcome: 'busy', ringSeconds: 0 }, 'notify', [
    'shop@example.jp',
  ]),
  call('Voice Warp forwards a customer', SHOP, { outcome: 'forwarded' }, 'notify', ['shop@example.jp']),
  call(
    'Voice Warp cannot forward',
    SHOP,
    { outcome: 'unanswered', forwarding: 'destination-busy' },
    'forward-failed',
  ),
  call("The owner's best customer", OWNER, { caller: { number: '09011112222' }, ...unanswered }, 'notify', [
    'owner@example.jp',
  ]),
  call('Somebody else rings the owner', OWNER, unanswered, 'not-target'),
  call('Withheld, so no target caller', OWNER, { caller: { withheld: 'P' } }, 'withheld-not-target'),
  call('Number Request refuses a caller', CLINIC, { caller: { withheld: 'P' } }, 'refused-number-request'),
  call('A public phone rings the clinic', CLINIC, { caller: { withheld: 'C' }, ...unanswered }, 'notify', [
    'clinic@example.jp',
  ]),
  call('A number nobody registered', '0399990000', {}, 'unknown-number'),
  {
    title: 'A FAX for the clinic',
    act: (stage) =>
      stage.publish('fax.v1', CLINIC, {
        lineNumber: CLINIC,
        calledNumber: CLINIC,
        sender: { number: '0453335555' },
        receivedAt: stage.now(),
        pages: 3,
        complete: true,
        documentId: 'f-1',
      }),
    reason: 'notify',
    mails: ['clinic@example.jp'],
    subject: 'FAX',
  },
  {
    title: "The shop's line fails",
    act: (stage) =>
      stage.publish('fault.v1', SHOP, { lineNumber: SHOP, faultId: 'flt-77', at: stage.now(-60) }),
    reason: 'notify',
    mails: ['owner@example.jp'],
    subject: '故障',
  },
  {
    title: 'The switch says it again',
    act: (stage) =>
      stage.publish('fault.v1', SHOP, { lineNumber: SHOP, faultId: 'flt-77', at: stage.now(-30) }),
    reason: 'already-notified',
    mails: [],
    subject: '',
  },
  {
    title: 'The line works again',
    act: (stage) =>
      stage.publish('recovery.v1', SHOP, { lineNumber: SHOP, faultId: 'flt-77', at: stage.now() }),
    reason: 'notify',
    mails: ['owner@example.jp'],
    subject: '回復',
  },
  {
    title: 'The family tests an address',
    act: (stage) => stage.post(`/v1/numbers/${FAMILY}/test-mail`, { address: 'taro@example.jp' }),
    reason: 'notify',
    mails: ['taro@example.jp'],
    subject: '送信テスト',
  },
  access(
    'A login asks for a one-time password',
    'one-time-password',
    { code: '48151623' },
    'ワンタイムパスワード',
  ),
  access('The IP phone asks for a second step', 'two-step-code', { code: '271828' }, '認証コード'),
  access(
    'An address is registered',
    'address-registration',
    { link: 'https://hikari.ntt-east.net/r/demo' },
    '本登録',
  ),
  access('The password was changed', 'password-changed', undefined, 'パスワード'),
  access('The address was changed', 'address-changed', undefined, 'メールアドレス'),
  access('The account was locked', 'account-locked', undefined, 'ロック'),
];

type Access = EventData<'access-mail.v1'>;
type Secret = { readonly code: string } | { readonly link: string };

/** An access mail, requested as the self-care sites do: through the settings API, which seals the secret. */
function access(title: string, kind: Access['kind'], secret: Secret | undefined, subject: string): Scene {
  return {
    title,
    act: (stage) =>
      stage.post('/v1/access-mails', {
        kind,
        number: FAMILY,
        brand: 'ntt-east',
        recipient: 'hanako@example.jp',
        issuedAt: stage.now(),
        ...(secret ? { expiresAt: stage.now(290), secret } : {}),
      }),
    reason: 'notify',
    mails: ['hanako@example.jp'],
    subject,
  };
}
