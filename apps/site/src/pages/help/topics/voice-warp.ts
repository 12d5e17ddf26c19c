import type { Brand } from '#mail';
import { DESTINATIONS, RING_SECONDS, SELECT_CALLERS } from '#rules';
import { toService, type HelpOf, type HelpTopic } from '../help-topic.ts';

/** V3: call forwarding of a number, under the brand's name of it. */
export const voiceWarpHelp: HelpOf = (brand) => ({
  title: brand.words.voiceWarp,
  summary: 'かかってきた電話を、外出先の携帯電話など、ほかの電話へ転送します。',
  tasks: tasks(brand),
  remarks: REMARKS,
  questions: questions(brand),
});

function tasks({ words }: Brand): HelpTopic['tasks'] {
  return [
    {
      heading: '転送を始める',
      steps: [
        toService(words.voiceWarp),
        '「転送先電話番号設定」を開き、「転送先電話番号1」に転送先の電話番号を入力します。',
        '「使用する1」を選び、「設定」を押します。',
        '「開始／停止設定」を開き、「開始」を選びます。',
        '「転送条件」を選びます。「無条件転送」はすべての電話を、「無応答時転送」は一定時間出なかった電話を、「話中時転送」は話し中にかかってきた電話を転送します。「無応答時・話中時転送」は、その両方です。',
        '出なかった電話を転送するときは、「呼出秒数」に、何秒鳴らしてから転送するかを入力します。',
        '「設定」を押します。',
      ],
    },
    {
      heading: '転送を止める',
      steps: [
        '「開始／停止設定」を開きます。',
        '「停止」を選び、「設定」を押します。転送先などは残ったままです。',
      ],
    },
    {
      heading: '相手によって転送するかどうかを変える（セレクト機能）',
      steps: [
        '「セレクト機能リスト設定」を開き、「登録電話番号1」から順に相手の番号を入力して、「設定」を押します。',
        '「セレクト機能開始／停止設定」を開きます。',
        '登録した相手だけを転送するときは「登録番号転送」、登録した相手だけは転送せずに鳴らすときは「登録番号着信」を選びます。',
        '「設定」を押します。セレクト機能をやめるときは、同じ画面で「停止」を選びます。',
      ],
    },
  ];
}

const REMARKS: HelpTopic['remarks'] = [
  `転送先は${DESTINATIONS}件まで登録でき、そのうちの1件を使います。`,
  '「開始」するには、使う転送先の電話番号が必要です。',
  `「呼出秒数」は、${RING_SECONDS.least}秒から${RING_SECONDS.most}秒までです。`,
  `セレクト機能に登録できる相手は、${SELECT_CALLERS}件までです。番号を通知しない相手は、登録した相手とはみなされません。`,
  '「反映中」と表示されている間は、まだ電話設備に伝わっていません。しばらくお待ちください。',
  '転送先までの通話料は、お客様のご負担となります。',
];

function questions({ services }: Brand): HelpTopic['questions'] {
  return [
    {
      question: '転送した電話も、メールでお知らせされますか。',
      answer: `はい。「${services.call.name}」を使っていれば、転送した電話もお知らせします。「応答できなかった着信のみお知らせする」を選んでいるときも、お知らせします。`,
    },
    {
      question: '回線全体をまとめて転送できますか。',
      answer: '契約回線の電話番号をまとめて転送するには、「一括転送機能」を使います。',
    },
  ];
}
