import type { Brand } from '#mail';
import { limitsOfBrand } from '#rules';
import { toService, type HelpOf, type HelpTopic } from '../help-topic.ts';

/** F1–F3: the mail about FAXes, and the FAXes themselves. */
export const faxNoticeHelp: HelpOf = (brand) => ({
  title: brand.services.fax.name,
  summary: `FAXが届いたことをメールでお知らせします。届いたFAXは、${brand.site.name}で見ることができます。`,
  tasks: tasks(brand),
  remarks: remarks(brand),
  questions: questions(brand),
});

function tasks({ services }: Brand): HelpTopic['tasks'] {
  const name = services.fax.name;
  return [
    {
      heading: '使い始める',
      steps: [
        toService(name),
        '「送信先メールアドレス設定」を開き、「送信先メールアドレス1」に、お知らせを受け取るメールアドレスを入力します。',
        '「送信テスト1」を押し、そのメールアドレスに確認のメールが届くことを確かめます。',
        '「送信1」にチェックを入れて、「設定」を押します。',
        `「${name}」の画面に戻り、「サービス開始／停止」を開いて「開始」を選び、「設定」を押します。`,
      ],
    },
    {
      heading: '届いたFAXを見る',
      steps: [
        toService(name),
        '「受信FAX内容確認」を開きます。届いたFAXが、新しいものから順に並んでいます。',
        '見たいFAXを開きます。手元に残したいときは、保存します。',
      ],
    },
  ];
}

function remarks({ limits }: Brand): HelpTopic['remarks'] {
  return [
    `メールアドレスは${limitsOfBrand(limits).recipients}件まで設定できます。「開始」するには、1件以上必要です。`,
    'お知らせのメールに、FAXそのものは付いていません。',
    '届いたFAXを見られるのは、30日間です。必要なものは、その間に保存してください。',
    '受信の途中で切れたFAXも、届いたところまでをお知らせします。',
  ];
}

function questions({ services }: Brand): HelpTopic['questions'] {
  return [
    {
      question: 'お知らせは届いたのに、FAXを開けません。',
      answer:
        '届いてから30日を過ぎたFAXは、表示されなくなります。それより新しいのに開けないときは、画面の案内をご確認ください。',
    },
    {
      question: '電話の着信も知りたいのですが。',
      answer: `電話の着信は、「${services.call.name}」でお知らせします。設定は別々です。`,
    },
  ];
}
