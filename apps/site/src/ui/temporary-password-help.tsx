import type { VNode } from 'preact';
import { shownNumber, type Brand } from '#mail';
import { Steps } from './steps.tsx';

/** How to get in, or in again: by dialling from the contracted line (A2), or by asking who has no such number. */
export function TemporaryPasswordHelp({ brand }: { brand: Brand }): VNode {
  const { accessNumber, operator, phoneService } = brand;
  if (accessNumber === undefined) return <p>パスワードについては、{operator}へお問い合わせください。</p>;
  return (
    <>
      <Steps
        steps={[
          <>
            {phoneService}をご契約の回線から、仮パスワード設定用アクセス番号へ電話をかけます。
            <a class="tel nobr" href={`tel:${accessNumber}`}>
              {shownNumber(accessNumber)}
            </a>
          </>,
          <>ガイダンスに従って、8桁の数字を仮パスワードとして設定します。</>,
          <>電話番号と仮パスワードでログインし、新しいパスワードに変更します。</>,
        ]}
      />
      <ul class="remarks">
        <li>仮パスワードの有効期間は、設定から24時間です。</li>
        <li>同じ数字だけの番号、続き番号（12345678など）、電話番号の下8桁は、仮パスワードに使えません。</li>
        <li>プッシュ信号を送信できる電話機が必要です。</li>
        <li>アクセス番号への通話は有料です。</li>
      </ul>
    </>
  );
}
