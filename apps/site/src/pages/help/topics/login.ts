import { policyOfBrand } from '#access';
import type { Brand } from '#mail';
import { passwordSupport } from '../../../ui/access-sentences.ts';
import type { HelpOf, HelpTopic } from '../help-topic.ts';

/** A1, A3–A5, A12: the login and its password. */
export const loginHelp: HelpOf = (brand) => ({
  title: 'ログインとパスワード',
  summary: `${brand.site.name}に入る方法と、パスワードを変える方法です。`,
  tasks: TASKS,
  remarks: remarks(brand),
  questions: questions(brand),
});

const TASKS: HelpTopic['tasks'] = [
  {
    heading: 'ログインする',
    steps: [
      '最初の画面で「ログイン」を押します。',
      '「電話番号」に、ご契約の電話番号を入力します。ハイフンは要りません。',
      '「パスワード」に、パスワードを入力します。初めてのときは、仮パスワードを入力します。',
      '「ログイン」を押します。',
      '仮パスワードでログインしたときと、パスワードの期限が切れたときは、続けて新しいパスワードを決めます。そのあと、新しいパスワードでもう一度ログインします。',
    ],
  },
  {
    heading: 'パスワードを変える',
    steps: [
      'ログインして、「パスワード変更」を開きます。',
      '「現在のパスワード」に、今のパスワードを入力します。',
      '「新しいパスワード」と「新しいパスワード（確認）」に、同じ新しいパスワードを入力します。',
      '「パスワード変更」を押します。',
      '「ログイン画面へ戻る」を押し、新しいパスワードでログインします。',
    ],
  },
  {
    heading: '使い終わる',
    steps: ['「ログアウト」を押します。ほかの人も使う端末では、必ず押してください。'],
  },
];

function remarks({ password }: Brand): HelpTopic['remarks'] {
  const policy = policyOfBrand(password);
  const expiry = `パスワードの期限は、変えた日から${policy.days}日間です。期限が近づくと、トップ画面でお知らせします。`;
  return [
    `パスワードは、${passwordSupport(policy)}です。広く知られているものと、電話番号を含むものは使えません。`,
    ...(policy.days === 0 ? [] : [expiry]),
    'パスワードを10回続けて間違えると、そのパスワードは使えなくなります。仮パスワードは3回です。',
    '続けて間違えると、次に試せるまで少しお待ちいただきます。時間は、間違えるたびに長くなります。',
    '30分間何も操作しないと、自動でログアウトします。ログインしてから12時間たったときも同じです。',
    '同じ電話番号でほかからログインすると、先にログインしていたほうはログアウトします。',
  ];
}

function questions({ operator, accessNumber }: Brand): HelpTopic['questions'] {
  const again =
    accessNumber === undefined
      ? `${operator}へお問い合わせください。`
      : '契約している回線から電話をかけて、仮パスワードを設定し直してください。';
  return [
    { question: 'パスワードを忘れました。', answer: again },
    { question: 'パスワードが使えなくなりました。', answer: again },
    {
      question: '身に覚えのないログアウトの案内が出ました。',
      answer: `ほかの人がログインしたおそれがあります。すぐにログインし直してパスワードを変え、ログインできないときは${operator}へお問い合わせください。`,
    },
  ];
}
