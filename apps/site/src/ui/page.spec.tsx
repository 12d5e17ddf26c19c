import { load } from 'cheerio';
import { BRANDS_DIR, loadBrands } from '#mail';
import {
  ASSETS_DIR,
  Button,
  Facts,
  Form,
  LinkList,
  loadAssets,
  type PageContent,
  PageError,
  PasswordField,
  TextField,
} from '#pages';
import { checkPage } from '../../../../test/support/page-checks.ts';
import { errorPage } from '../pages/error/view.tsx';
import { loginPage } from '../pages/login/view.tsx';
import { topPage } from '../pages/top/view.tsx';
import { Checkbox, Choices } from './choices.tsx';
import { page, type Shell } from './page.tsx';

const brands = loadBrands(BRANDS_DIR);
const brand = brands.get('ntt-east')!;
const assets = loadAssets(ASSETS_DIR);
const assetBytes = [...assets.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
const login = { number: '0312345678', home: '/menu', secondsLeft: 1800 };

/** A page as the browser gets it, after the checks that hold for all. */
function shown(content: PageContent, shell: Partial<Shell> = {}) {
  const html = page(content, { brand, assets, ...shell });
  checkPage(html, { assetBytes });
  return load(html);
}

/** A page with everything that a form can have. */
const form = (errors?: Record<string, string>): PageContent => ({
  heading: 'メール送信条件設定',
  trail: [{ href: '/menu', text: 'トップ' }],
  number: '0453334444',
  errors,
  body: (
    <>
      <Form action="/numbers/0453334444/x">
        <TextField
          name="address1"
          label="送信先メールアドレス1"
          support="半角"
          value={'a"<b>@x.jp'}
          error={errors?.['address1']}
          keyboard="email"
        />
        <PasswordField
          name="new"
          label="新しいパスワード"
          rules="minlength: 8;"
          autocomplete="new-password"
          required
        />
        <Choices
          name="use"
          label="開始／停止"
          error={errors?.['use']}
          choices={[
            { value: 'on', label: '開始' },
            { value: 'off', label: '停止', support: '送信しません' },
          ]}
          value="off"
        />
        <Checkbox name="send1" label="送信1" checked={true} />
        <Button name="what" value="save">
          設定
        </Button>
      </Form>
      <Facts rows={[['サービス', '停止']]} />
      <LinkList links={[{ href: '/a', text: '着信お知らせメール', description: '着信を知らせます' }]} />
    </>
  ),
});

describe('every page', () => {
  it.each([...brands.values()])('is well made for $id', (each) => {
    for (const content of [
      topPage(each),
      loginPage({ brand: each, number: '' }),
      errorPage(new PageError('not-found'), each),
    ]) {
      const $ = shown(content, { brand: each });
      expect($('title').text()).toContain(each.site.name);
      expect($('body').text()).toContain(each.operator);
    }
  });

  it('leads whoever is in back to the menu when something is wrong, and others to the login', () => {
    const ways = (shell: Partial<Shell>): (string | undefined)[] => {
      const content = errorPage(new PageError('too-large'), brand, shell.login);
      const $ = shown(content, shell);
      return $('main a')
        .toArray()
        .map((link) => $(link).attr('href'));
    };
    expect(ways({ login })).toEqual(['/menu']);
    expect(ways({}).slice(0, 2)).toEqual(['/', '/login']);
  });

  it('has its heading and the name of the site as its title, エラー before it when something is wrong', () => {
    expect(shown(loginPage({ brand, number: '' }))('title').text()).toBe('ログイン｜ひかり電話設定サイト');
    expect(shown(topPage(brand))('title').text()).toBe('ひかり電話設定サイト');
    const errors = { number: '電話番号を入力してください。' };
    expect(shown(loginPage({ brand, number: '', errors }))('title').text()).toBe(
      'エラー: ログイン｜ひかり電話設定サイト',
    );
  });

  it('A12 shows who is logged in, whose settings these are, the way out, and when the session ends', () => {
    const $ = shown(form(), { login });
    expect($('.login-bar strong').text()).toBe('045-333-4444');
    expect(shown(topPage(brand), { login })('.login-bar strong').text()).toBe('03-1234-5678');
    expect($('form[action="/logout"][method=post] button').text()).toBe('ログアウト');
    expect($('dialog#time-out').attr()).toMatchObject({
      'data-seconds-left': '1800',
      'data-warn-seconds': '120',
    });
    expect($('dialog form[method=post] button').text()).toBe('利用を続ける');
    expect($('nav a').attr('href')).toBe('/menu');
  });

  it('shows nothing of a login before there is one', () => {
    expect(shown(topPage(brand))('.login-bar, dialog').length).toBe(0);
  });

  it('says what is wrong on top with links to the fields, and the same at each of them', () => {
    const errors = { address1: '@がありません。', use: '選択してください。', '': '少し待ってください。' };
    const $ = shown(form(errors), { login });
    expect($('main > h1 + *').attr('role')).toBe('alert');
    expect($('[role=alert] h2').text()).toBe('入力内容をご確認ください');
    const links = $('[role=alert] a')
      .toArray()
      .map((link) => [$(link).attr('href'), $(link).text()]);
    expect(links).toEqual([
      ['#address1', '@がありません。'],
      ['#use', '選択してください。'],
    ]);
    expect($('[role=alert] li').last().html()).toBe('少し待ってください。');
    const input = $('#address1');
    expect(input.attr('aria-invalid')).toBe('true');
    expect(input.attr('aria-describedby')).toBe('address1-support address1-error');
    expect($('#address1-error').text()).toBe('@がありません。');
    expect($('#use').attr('type')).toBe('radio');
    expect($('fieldset').attr('aria-describedby')).toBe('use-error');
  });

  it('says a single thing that no field is to blame for by the same summary', () => {
    const $ = shown({ ...form({ '': 'しばらくしてからもう一度お試しください。' }), status: 429 }, { login });
    expect($('[role=alert]').text()).toContain('しばらくしてから');
    expect($('[aria-invalid]').length).toBe(0);
  });

  it('says what was done', () => {
    expect(shown({ ...form(), notice: '設定しました。' })('[role=status]').text()).toBe('設定しました。');
  });

  it('keeps what was typed, as text, and never a password', () => {
    const $ = shown(form());
    expect($('#address1').val()).toBe('a"<b>@x.jp');
    expect($('#new').attr('value')).toBeUndefined();
    expect($('#new').attr('maxlength')).toBeUndefined();
    expect($('#new').attr('passwordrules')).toBe('minlength: 8;');
    expect($('[placeholder]').length).toBe(0);
  });

  it('names each control by its label alone', () => {
    const $ = shown(form());
    expect(
      $('label')
        .toArray()
        .map((label) => $(label).text()),
    ).toEqual(['送信先メールアドレス1', '新しいパスワード', '開始', '停止', '送信1']);
    expect($('legend').text()).toBe('開始／停止');
    expect($('#new').attr('required')).toBeDefined();
    expect($('input[name=use]:checked').val()).toBe('off');
  });
});

describe('A2 the way in', () => {
  it('is to dial the access number of the brand', () => {
    const number = (id: string) =>
      shown(loginPage({ brand: brands.get(id)!, number: '' }))('a[href^="tel:"]');
    expect([number('ntt-east').attr('href'), number('ntt-east').text()]).toEqual([
      'tel:0363044747',
      '03-6304-4747',
    ]);
    expect(number('ntt-west').text()).toBe('06-6480-6430');
  });

  it('is to ask the operator where there is no such number', () => {
    const $ = shown(loginPage({ brand: brands.get('rakuten-mobile')!, number: '' }));
    expect($('a[href^="tel:"]').length).toBe(0);
    expect($('main').text()).toContain('楽天モバイルへお問い合わせください');
  });
});

it('A1 the login is a form that password managers and telephones understand', () => {
  const $ = shown(
    loginPage({ brand, number: '０３-1234', errors: { number: '電話番号の桁数が正しくありません。' } }),
  );
  expect($('#number').attr()).toMatchObject({
    autocomplete: 'username',
    inputmode: 'tel',
    value: '０３-1234',
  });
  expect($('#password').attr()).toMatchObject({ autocomplete: 'current-password', type: 'password' });
  expect($('form[action="/login"][method=post] button').text()).toBe('ログイン');
});
