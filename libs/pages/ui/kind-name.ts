import type { EventKind } from '#events';

/** What happened, by its kind. */
const KINDS: Readonly<Record<EventKind, string>> = {
  call: '電話の着信',
  fax: 'FAXの受信',
  fault: '回線の故障',
  recovery: '回線の回復',
  'one-time-password': 'ワンタイムパスワードのメール',
  'address-registration': 'メールアドレスの本登録のメール',
  'two-step-code': '認証コードのメール',
  'password-changed': 'パスワード変更のお知らせ',
  'address-changed': 'メールアドレス変更のお知らせ',
  'account-locked': 'ロックのお知らせ',
  test: '送信テスト',
};

/** What happened, in Japanese, by the kind of an event; a newer version may know of more kinds. */
export function kindName(kind: string): string {
  return Object.hasOwn(KINDS, kind) ? KINDS[kind as EventKind] : 'お知らせ';
}
