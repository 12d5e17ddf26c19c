import type { DEAD_LETTER_REASONS } from '#delivery';
import type { DeadLetter, DeadLetterView } from '#operations';

/** What each reason means, for who has to do something about it. */
export const REASON_WORDS: Readonly<Record<(typeof DEAD_LETTER_REASONS)[number], string>> = {
  malformed: '形式の誤り',
  'seal-failed': '暗号を開けない',
  'in-doubt': '送信できたか不明',
  'internal-error': 'プログラムの誤り',
};

/** The words of a reason; one that only a newer version knows stands for itself. */
export function reasonWords(reason: string): string {
  return Object.hasOwn(REASON_WORDS, reason) ? REASON_WORDS[reason as keyof typeof REASON_WORDS] : reason;
}

/** What was done about a dead letter. */
export function handledWords({ handled }: DeadLetter): string {
  if (!handled) return '対応待ち';
  return handled.how === 'replayed' ? '再投入済み' : '対応不要';
}

/** What a replay would come to. */
export const REPLAY_WORDS: Readonly<Record<DeadLetterView['reading']['replay'], string>> = {
  works: '今のプログラムでは問題なく読めます。再投入すると、通常のイベントとして処理されます。',
  fails: '今のプログラムでも読めないため、再投入しても、もう一度ここに入ります。',
  cut: '先頭だけが残っているため、再投入できません。送信元にもう一度発行してもらってください。',
  foreign: 'この環境のイベントのトピックから来たものではないため、再投入できません。',
};
