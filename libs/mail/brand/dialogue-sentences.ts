import { z } from 'zod';

const MAX_LENGTH = 300;

const sentence = z
  .string()
  .min(1)
  .max(MAX_LENGTH)
  .regex(
    /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}{}]+$/u,
    'expected one line of text without braces',
  );

const withNumber = z
  .string()
  .max(MAX_LENGTH)
  .refine((text) => text.includes('{number}') && sentence.safeParse(text.replace('{number}', '0')).success, {
    error: 'expected one line of text with {number} in it once',
  });

/**
 * The schema of a brand's `dialogue:`, what a call to its access number hears (A2). The defaults are the sentences of [S2]
 * and [S3]; from `refused` on they are ours. `{number}` stands for the number that gets the password.
 */
export const dialogueSchema = z
  .strictObject({
    unit: sentence.default(
      '仮パスワードの設定を行います。仮パスワードを設定する単位を選択します。回線単位に設定する場合は1、電話番号単位に設定する場合は2、管理者／ユーザ単位に設定する場合は3を入力してください。',
    ),
    number: sentence.default('仮パスワードを設定する電話番号を市外局番から入力し、最後に#を押してください。'),
    password: withNumber.default(
      '{number}番の仮パスワードの設定を行います。設定したい仮パスワードを入力してください。',
    ),
    passwordAgain: sentence.default('確認のためにもう一度仮パスワードを入力してください。'),
    wrong: sentence.default('入力された番号が正しくありません。もう一度押してください。'),
    done: withNumber.default('{number}番の仮パスワードの設定が完了しました。ご利用ありがとうございました。'),
    /** To a caller that withholds its number, is no number of a known line, or may not set that password. */
    refused: sentence.default(
      '恐れ入りますが、このお電話はお受けできません。ご契約の回線から、電話番号を通知しておかけ直しください。',
    ),
    wrongTooOften: sentence.default(
      '入力された番号が正しくありません。恐れ入りますが、一度電話を切り、はじめからやり直してください。',
    ),
    /** After 10 minutes of silence. */
    expired: sentence.default(
      'しばらく操作がなかったため、設定を終了します。恐れ入りますが、はじめからおかけ直しください。',
    ),
    /** While Redis is away, or after a bug. */
    unavailable: sentence.default(
      'ただいま仮パスワードの設定ができません。恐れ入りますが、しばらくたってからおかけ直しください。',
    ),
  })
  .prefault({});

/** A brand's sentences by name. */
export type DialogueSentences = Readonly<z.output<typeof dialogueSchema>>;
