import { shownNumber } from '#mail';
import type { HelpOf, HelpTopic } from '../help-topic.ts';

const TITLE = '仮パスワード';
const SUMMARY = '初めてログインするときや、パスワードを忘れたときに使う、8桁の番号です。';

/** A2: the temporary password, dialled from the contracted line where the brand has a number for it. */
export const temporaryPasswordHelp: HelpOf = ({ accessNumber, operator, phoneService }) =>
  accessNumber === undefined ? byTheOperator(operator) : byTelephone(accessNumber, phoneService);

function byTheOperator(operator: string): HelpTopic {
  return {
    title: TITLE,
    summary: SUMMARY,
    tasks: [],
    remarks: [`最初のパスワードは、${operator}からお知らせします。電話での設定はありません。`],
    questions: [{ question: 'パスワードを忘れました。', answer: `${operator}へお問い合わせください。` }],
  };
}

function byTelephone(accessNumber: string, phoneService: string): HelpTopic {
  return {
    title: TITLE,
    summary: SUMMARY,
    call: accessNumber,
    tasks: [
      {
        heading: '電話で設定する',
        steps: [
          `${phoneService}を契約している回線の電話機から、${shownNumber(accessNumber)}へかけます。番号を通知してかけてください。`,
          '音声の案内に従って、認証単位を選びます。回線単位は1、電話番号単位は2、管理者／ユーザ単位は3を押します。',
          '電話番号をたずねられたときは、設定する電話番号を市外局番から押し、最後に#を押します。',
          '決めた8桁の数字を押します。確認のため、同じ数字をもう一度押します。',
          '設定が終わったという案内を聞いてから、電話を切ります。',
          '24時間以内に、電話番号と仮パスワードでログインし、新しいパスワードを決めます。',
        ],
      },
    ],
    remarks: [
      '仮パスワードが使えるのは、設定してから24時間です。過ぎたときは、設定し直してください。',
      '同じ数字だけの番号、12345678のような続き番号、電話番号の下8桁は使えません。',
      '案内の途中で3回間違えると、電話が切れます。はじめからかけ直してください。',
      '携帯電話など、契約していない電話からは設定できません。ダイヤル式の電話機も使えません。',
      'この番号への通話は有料です。',
      '仮パスワードを3回続けて間違えてログインしようとすると、その仮パスワードは使えなくなります。',
    ],
    questions: [
      {
        question: 'どの認証単位を選べばよいですか。',
        answer:
          '電話番号が1つだけなら、回線単位（1）でかまいません。家族や社員がそれぞれの電話番号を設定するときは、電話番号単位か管理者／ユーザ単位を選びます。あとから変えることもできます。',
      },
      {
        question: '認証単位は、電話をかけたときに変わりますか。',
        answer: 'いいえ。仮パスワードでログインして、新しいパスワードを決めたときに変わります。',
      },
    ],
  };
}
