import { render } from 'preact-render-to-string';
import { Phrases } from './phrases.tsx';

const shown = (text: string, siteName?: string): string =>
  render(<Phrases text={text} {...(siteName === undefined ? {} : { siteName })} />).replaceAll(
    /<span class="whole">|<\/span>/g,
    '',
  );

describe('Phrases', () => {
  it.each([
    ['ワンタイムパスワード利用選択変更', 'ワンタイムパスワード<wbr/>利用選択変更'],
    ['ワンタイムパスワードを利用しないことの確認', 'ワンタイムパスワードを利用しないことの確認'],
    ['お知らせ対象電話番号設定', 'お知らせ対象電話番号<wbr/>設定'],
    ['お知らせ対象電話番号からの着信', 'お知らせ対象電話番号からの着信'],
    ['ワンタイムパスワード', 'ワンタイムパスワード'],
    ['パスワード変更', 'パスワード変更'],
  ])('B1 lets %s break behind its name, if at all', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('B1 lets the menu break behind the name of the site', () => {
    expect(shown('ひかり電話設定サイトトップ', 'ひかり電話設定サイト')).toBe(
      'ひかり電話設定サイト<wbr/>トップ',
    );
  });
});
