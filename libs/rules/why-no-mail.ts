import type { Reason } from './decision.ts';

/** What a subscriber can set, by its page, that can keep an event from becoming mail. */
export type DecidingSetting = 'service' | 'conditions' | 'target-callers' | 'recipients';

/** A brand's names of other services that keep calls away. */
export interface ScreeningNames {
  readonly numberRequest: string;
  readonly nuisanceRefusal: string;
  readonly voiceWarp: string;
}

/** Why an event does not become mail, in words. */
export interface WhyNoMail {
  /** For the operator, in English, with the requirement's id. */
  readonly operator: string;
  /** For the subscriber, in Japanese: the cause, then `送信していません` or the like follows. */
  readonly because: string;
  /** For the subscriber: which setting or service it was, and how that is set; undefined where nothing is set. */
  readonly set?: string | ((names: ScreeningNames) => string);
  /** The settings that lead to another answer, the first one most directly; none where no page has it. */
  readonly settings: readonly DecidingSetting[];
}

const TARGETS_ONLY = 'お知らせ対象電話番号からの着信のみお知らせする：オン';

const MEANINGS: Readonly<Record<Exclude<Reason, 'notify'>, WhyNoMail>> = {
  'too-late': {
    operator: 'its deadline had passed (C15)',
    because: 'お知らせの期限を過ぎたため',
    settings: [],
  },
  'unknown-number': {
    operator: 'no line with this number is known, or it belongs to another line',
    because: 'この電話番号のご契約を確認できなかったため',
    settings: [],
  },
  'service-off': {
    operator: 'the service is not started, or not contracted',
    because: 'サービスを開始していないため',
    set: 'サービス開始／停止：停止',
    settings: ['service'],
  },
  'refused-number-request': {
    operator: 'Number Request refused the call (C7)',
    because: '電話番号を通知しない着信をお断りしたため',
    set: ({ numberRequest }) => numberRequest,
    settings: [],
  },
  'nuisance-caller': {
    operator: 'the caller is on the nuisance list (C8)',
    because: '迷惑電話リストに登録された発信者からの着信のため',
    set: ({ nuisanceRefusal }) => nuisanceRefusal,
    settings: [],
  },
  'forward-failed': {
    operator: 'Voice Warp could not forward the call (C9)',
    because: '転送先が話し中、またはつながらず、転送できなかった着信のため',
    set: ({ voiceWarp }) => voiceWarp,
    settings: [],
  },
  answered: {
    operator: 'the call was answered, and only unanswered ones are wanted (C5)',
    because: '応答された着信のため',
    set: '応答できなかった着信のみお知らせする：オン',
    settings: ['conditions'],
  },
  'withheld-not-target': {
    operator: 'the number was withheld, and only target callers are wanted (C6)',
    because: '発信者が電話番号を通知しなかった着信のため',
    set: TARGETS_ONLY,
    settings: ['conditions'],
  },
  'not-target': {
    operator: 'the caller is not a target caller (C4)',
    because: 'お知らせ対象電話番号ではない発信者からの着信のため',
    set: TARGETS_ONLY,
    settings: ['conditions', 'target-callers'],
  },
  'already-notified': {
    operator: 'the same fault or recovery had been notified before (R4)',
    because: '同じ故障または回復を、すでにお知らせしているため',
    settings: [],
  },
  'recovered-before-notice': {
    operator: 'nobody had received the fault mail when the recovery came (R4)',
    because: '故障のお知らせが届く前に回復したため',
    set: '故障があったことは、回復のお知らせでお伝えしています',
    settings: [],
  },
  stale: {
    operator: 'the fault is not newer than its own recovery',
    because: 'この故障は、すでに回復しているため',
    settings: [],
  },
  'no-recipient': {
    operator: 'the box of every recipient is off',
    because: '送信する送信先メールアドレスがないため',
    set: '送信：すべてオフ',
    settings: ['recipients'],
  },
};

/**
 * Why an event of this reason does not become mail; undefined for `notify`, and for a reason that only a newer version
 * knows. A reason without a row does not compile.
 */
export function whyNoMail(reason: string): WhyNoMail | undefined {
  return Object.hasOwn(MEANINGS, reason) ? MEANINGS[reason as keyof typeof MEANINGS] : undefined;
}

/**
 * `whyNoMail` as a sentence for the subscriber (V6, V7):
 * `応答された着信のため送信していません（応答できなかった着信のみお知らせする：オン）`. `verb` says whether it has happened.
 */
export function noMailSentence(
  { because, set }: WhyNoMail,
  names: ScreeningNames,
  verb: '送信していません' | '送信しません',
): string {
  const named = typeof set === 'function' ? set(names) : set;
  return `${because}${verb}${named === undefined ? '' : `（${named}）`}`;
}
