import { REASONS } from './decision.ts';
import { noMailSentence, whyNoMail, type ScreeningNames } from './why-no-mail.ts';

const names: ScreeningNames = {
  numberRequest: 'ナンバー・リクエスト',
  nuisanceRefusal: '迷惑電話おことわりサービス',
  voiceWarp: '転送電話',
};
const sentenceOf = (reason: string): string => noMailSentence(whyNoMail(reason)!, names, '送信していません');

describe('V6 why an event did not become mail', () => {
  it.each(REASONS.filter((reason) => reason !== 'notify'))('says %s to both, in words', (reason) => {
    expect(whyNoMail(reason)?.operator).toMatch(/^[\w ,()-]{20,}$/);
    expect(sentenceOf(reason)).toMatch(/^[^a-zA-Z]+ため送信していません(（[^（）a-zA-Z]+）)?$/);
  });

  it('has a sentence of its own for each reason', () => {
    const sentences = REASONS.filter((reason) => reason !== 'notify').map(sentenceOf);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('C5 names the setting and how it is set', () => {
    expect(sentenceOf('answered')).toBe(
      '応答された着信のため送信していません（応答できなかった着信のみお知らせする：オン）',
    );
    expect(noMailSentence(whyNoMail('no-recipient')!, names, '送信しません')).toBe(
      '送信する送信先メールアドレスがないため送信しません（送信：すべてオフ）',
    );
  });

  it('B1 calls other services by the brand’s names', () => {
    expect(sentenceOf('refused-number-request')).toContain('（ナンバー・リクエスト）');
    expect(sentenceOf('nuisance-caller')).toContain('（迷惑電話おことわりサービス）');
    expect(sentenceOf('forward-failed')).toContain('（転送電話）');
  });

  it('names no setting where none would have led to a mail', () => {
    const without = REASONS.filter((reason) => whyNoMail(reason)?.settings.length === 0);
    expect(without).toEqual([
      'too-late',
      'unknown-number',
      'refused-number-request',
      'nuisance-caller',
      'forward-failed',
      'already-notified',
      'recovered-before-notice',
      'stale',
    ]);
  });

  it('knows nothing of a reason that only a newer version has', () => {
    for (const reason of ['notify', 'sunspots', 'toString', '__proto__'])
      expect(whyNoMail(reason)).toBeUndefined();
  });
});
