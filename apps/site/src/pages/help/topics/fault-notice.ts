import type { Brand } from '#mail';
import { limitsOfBrand } from '#rules';
import { toLineService, type HelpOf, type HelpTopic } from '../help-topic.ts';

/** R1–R4: the mail about faults and recoveries. */
export const faultNoticeHelp: HelpOf = (brand) => ({
  title: `${brand.services.fault.name}機能`,
  summary: '電話の回線が故障したことと、回復したことを、メールでお知らせします。',
  tasks: tasks(brand),
  remarks: remarks(brand),
  questions: QUESTIONS,
});

function tasks({ services }: Brand): HelpTopic['tasks'] {
  const name = `${services.fault.name}機能`;
  return [
    {
      heading: '使い始める',
      steps: [
        toLineService(name),
        '「送信先メールアドレス設定」を開き、「送信先メールアドレス1」にメールアドレスを入力します。',
        '「送信テスト1」を押し、確認のメールが届くことを確かめます。',
        '「送信1」にチェックを入れて、「設定」を押します。',
        '「送信メール内容設定」を開き、メールに載せる「契約者名」と「拠点情報」（どの建物、どの階の電話かなど）を入力して、「設定」を押します。',
        '「サービス開始／停止」を開いて「開始」を選び、「設定」を押します。',
      ],
    },
    {
      heading: '故障のときに、自動で電話を転送する',
      steps: [
        '先に「一括転送機能」で、転送先の電話番号を設定しておきます。',
        `「${name}」の画面から「一括転送自動開始設定」を開き、「開始」を選んで「設定」を押します。回線が故障すると、一括転送が始まります。`,
        '回復したときに自動で転送を止めるには、「一括転送自動停止設定」を開き、「開始」を選んで「設定」を押します。',
      ],
    },
  ];
}

function remarks({ limits }: Brand): HelpTopic['remarks'] {
  return [
    '回線全体の設定です。契約電話番号でログインしたときに設定できます。',
    `メールアドレスは${limitsOfBrand(limits).recipients}件まで設定できます。「開始」するには、1件以上必要です。`,
    '故障した回線では、メールを受け取れないことがあります。携帯電話など、ほかの回線で読めるメールアドレスをおすすめします。',
    '自動での転送は、このサービスが「開始」になっている間だけ働きます。「送信1」などのチェックをすべて外していても働きます。',
    '自動停止は、ほかの故障が残っているうちは行いません。だれが転送を始めたかにかかわらず、すべて回復したときに止めます。',
    '自動で始まった転送は、「一括転送機能」の画面には表示されません。止めるには、「一括転送機能」の「サービス開始／停止設定」で「停止」を選び、「設定」を押してください。',
  ];
}

const QUESTIONS: HelpTopic['questions'] = [
  {
    question: '故障と回復のお知らせが、1通になって届きました。',
    answer: '故障のお知らせが届く前に回復したときは、故障と回復を1通にまとめてお知らせします。',
  },
  {
    question: '同じ故障について、何度もメールが来ることはありますか。',
    answer:
      'ありません。同じ故障のお知らせは1回です。回復したあとに再び故障したときは、あらためてお知らせします。',
  },
];
