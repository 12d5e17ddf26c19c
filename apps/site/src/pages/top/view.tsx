import type { Brand } from '#mail';
import { Button, Facts, type PageContent } from '#pages';
import { TemporaryPasswordHelp } from '../../ui/temporary-password-help.tsx';

/** The first page: what can be set here, the button to log in, and how to begin. */
export function topPage(brand: Brand): PageContent {
  const { operator, phoneService, site, services, words } = brand;
  return {
    heading: site.name,
    body: (
      <>
        <p class="lead">
          {operator}の{phoneService}をご契約のお客さまが、電話のサービスを設定するためのサイトです。
        </p>
        {/* A button, because it is one to those who look for it; it needs no more than to lead there. */}
        <form action="/login">
          <Button>ログイン</Button>
        </form>
        <section class="help">
          <h2>はじめての方・パスワードをお忘れの方</h2>
          <TemporaryPasswordHelp brand={brand} />
        </section>
        <section>
          <h2>設定できるサービス</h2>
          <Facts
            rows={[
              [services.call.name, '電話の着信があったことを、メールでお知らせします。'],
              [services.fax.name, 'FAXを受信したことを、メールでお知らせします。'],
              [services.fault.name, '回線の故障と回復を、メールでお知らせします。'],
              ['一括転送機能', '災害などのときに、契約回線の電話番号をまとめて転送します。'],
              [words.voiceWarp, 'かかってきた電話を、ほかの電話へ転送します。'],
            ]}
          />
          <p class="support">ご契約のサービスだけが表示され、設定できます。</p>
        </section>
      </>
    ),
  };
}
