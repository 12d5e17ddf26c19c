import type { Problem } from '#events';
import type { FieldErrors } from '#pages';

const RING_SECONDS = '呼出秒数は、5秒から60秒の間で、整数で入力してください。';

/** What is wrong with a value, and what to do, by the code of the rule that refused it. */
const SENTENCES: Readonly<Record<string, string>> = {
  required: '入力されていません。入力してください。',
  'number-empty': '電話番号を入力してください。',
  'number-character': '電話番号は数字で入力してください。ハイフンはあってもなくてもかまいません。',
  'number-length': '電話番号の桁数が正しくありません。市外局番から、10桁または11桁で入力してください。',
  'number-start': '電話番号は、0から始まる番号を市外局番から入力してください。',
  'number-trunk-zero': '＋81に続けて入力するときは、電話番号の先頭の0を除いて入力してください。',
  'number-international':
    '海外の電話番号は、＋に続けて国番号から入力してください。数字は7桁から15桁までです。',
  'one-of': '発信者電話番号を入力するか、「非通知」にチェックを入れるか、どちらか一方にしてください。',
  'address-empty': 'メールアドレスを入力してください。',
  'address-character':
    "メールアドレスに使えない文字が含まれています。半角の英数字と、@ - _ . ! $ % ' * + / ? ^ # で入力してください。",
  'address-no-at': 'メールアドレスに@が含まれていません。@を含めて入力してください。',
  'address-starts-with-at': '@の前が入力されていません。メールアドレスを最初から入力してください。',
  'address-two-ats': '@が2つ以上含まれています。@は1つだけ入力してください。',
  'address-end': 'メールアドレスの最後が@または . になっています。最後まで入力してください。',
  'address-length': 'メールアドレスが長すぎます。254文字以内で入力してください。',
  'domain-no-dot': '@の後に . が含まれていません。example.jp のように入力してください。',
  'domain-length': '@の後が長すぎます。253文字以内で入力してください。',
  'domain-label':
    '@の後が正しくありません。. と . の間は英数字で入力してください。- は英数字の間だけに使えます。',
  'domain-label-length': '@の後の . と . の間が長すぎます。63文字以内で入力してください。',
  'local-dot-first': '最初に . があるメールアドレスは登録できません。ほかのアドレスを入力してください。',
  'local-dot-last': '@の直前に . があるメールアドレスは登録できません。ほかのアドレスを入力してください。',
  'local-two-dots': '. が続いているメールアドレスは登録できません。ほかのアドレスを入力してください。',
  'local-length': '@の前が長すぎます。63文字以内で入力してください。',
  'recipient-required':
    'サービスの開始には、送信先メールアドレスが1件以上必要です。送信先メールアドレスを設定するか、サービスを停止してください。',
  'text-length': '文字数が多すぎます。短くして入力してください。',
  'text-character': '改行など、使えない文字が含まれています。1行の文字で入力してください。',
  'too-many': '登録できる件数を超えています。不要なものを消してください。',
  'ring-seconds': RING_SECONDS,
  'too-small': RING_SECONDS,
  'too-big': RING_SECONDS,
  'own-number': '転送元の電話番号は、転送先にできません。ほかの電話番号を入力してください。',
  'own-line': '同じ契約回線の電話番号は、転送先にできません。ほかの電話番号を入力してください。',
  'destination-required':
    '転送の開始には、転送先電話番号の設定が必要です。転送先電話番号を設定するか、転送を停止してください。',
  'number-unknown': '設定できる電話番号ではありません。電話番号をご確認ください。',
  duplicate: '同じものがすでに入力されています。どちらかを消してください。',
  'csv-missing': 'CSVファイルを選んでください。',
  'csv-not-text': 'ファイルを読み取れません。文字コードがUTF-8またはシフトJISのCSVファイルを選んでください。',
  'csv-empty': 'CSVファイルに電話番号の行がありません。2行目から、1行に1つの電話番号を入力してください。',
  'csv-lapsed':
    '確認した内容は、すでに設定されたか、30分の有効期限が切れたか、別のファイルの確認に変わりました。もう一度CSVファイルを指定してください。',
  'csv-quotes':
    '引用符（"）の使い方が正しくありません。値を " で囲むときは両端を囲み、値の中の " は "" と入力してください。',
  'csv-header': '1行目に項目名がありません。ダウンロードしたファイルの1行目を、そのまま残してください。',
  'csv-column-missing': 'この項目がありません。ダウンロードしたファイルの1行目を、そのまま残してください。',
  'csv-column-unknown': 'この項目は使えません。ダウンロードしたファイルの1行目を、そのまま残してください。',
  'csv-column-twice': '同じ項目が2つ以上あります。1つだけ残してください。',
  'csv-cells': '項目名のない列に値が入力されています。列がずれていないかご確認ください。',
  'csv-lines': '行数が多すぎます。1万行以内に分けてください。',
  'csv-row-twice': '同じ電話番号の行がほかにもあります。どちらかを消してください。',
  'csv-switch': '1または0を入力してください。',
  'csv-passwords':
    '1つのファイルで変更できる確認用パスワードは100件までです。この行から先を別のファイルに分けて、順に設定してください。',
  'csv-too-often':
    'メールアドレスが短い間に何度も変更されています。15分ほど待ってから、もう一度お試しください。',
};

/** The sentence of a refusal. A code that no form can meet is a bug, so its sentence only asks to look again. */
export function sentence(code: string): string {
  return SENTENCES[code] ?? '入力内容が正しくありません。もう一度ご確認ください。';
}

/**
 * The errors of a form: `fieldOf` says which field shows a path of the rules' document (`recipients.0.address`), `''`
 * for none. A field shows the first thing that is wrong with it.
 */
export function fieldErrors(problems: readonly Problem[], fieldOf: (path: string) => string): FieldErrors {
  const errors: Record<string, string> = {};
  for (const { path, code } of problems) errors[fieldOf(path)] ??= sentence(code);
  return errors;
}
