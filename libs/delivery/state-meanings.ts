import type { RecipientState } from './ports.ts';

/** What a recipient's state means, in words. */
export interface StateMeaning {
  /** For the operator, in English: `waiting for another try`. */
  readonly operator: string;
  /** For the subscriber, in Japanese. Nobody can know that a mail was read. */
  readonly subscriber: string;
  /** Whether the subscriber should look at the address. */
  readonly isAddressSuspect: boolean;
}

const MEANINGS: Readonly<Record<RecipientState, StateMeaning>> = {
  accepted: {
    operator: 'accepted',
    subscriber: 'メールサーバーが受け取りました',
    isAddressSuspect: false,
  },
  deferred: {
    operator: 'waiting for another try',
    subscriber: 'メールサーバーがまだ受け取っていません。自動でもう一度送信します',
    isAddressSuspect: false,
  },
  bounced: {
    operator: 'bounced',
    subscriber: 'メールサーバーが受け取らなかったため、届いていません',
    isAddressSuspect: true,
  },
  expired: {
    operator: 'expired',
    subscriber: '期限までにメールサーバーが受け取らなかったため、送信を取りやめました',
    isAddressSuspect: true,
  },
  superseded: {
    operator: 'superseded',
    subscriber: '回復のお知らせにまとめたため、送信していません',
    isAddressSuspect: false,
  },
  withdrawn: {
    operator: 'withdrawn',
    subscriber: '送信する前にこのアドレスが設定から削除されたため、送信していません',
    isAddressSuspect: false,
  },
  'in-doubt': {
    operator: 'in doubt',
    subscriber: '送信の途中で通信が切れたため、届いたかどうか確認できません',
    isAddressSuspect: false,
  },
};

/** What a recipient's state means; undefined for one that only a newer version knows. One without a row does not compile. */
export function stateMeaning(state: string): StateMeaning | undefined {
  return Object.hasOwn(MEANINGS, state) ? MEANINGS[state as RecipientState] : undefined;
}
