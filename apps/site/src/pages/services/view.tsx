import type { Subscriber } from '#access';
import type { Brand } from '#mail';
import type { Link } from '../../ui/page-content.ts';
import { LinkList } from '../../ui/link-list.tsx';
import { menuTrail } from '../../ui/menu-trail.ts';
import type { PageContent } from '../../ui/page-content.ts';
import { Way } from '../../ui/way.tsx';

type ServiceLink = Link & { readonly description: string };

/** A link for each service that a login may set, by the brand's name of it (A13). */
export function serviceLinks(brand: Brand, { line, numbers }: Subscriber): readonly ServiceLink[] {
  const mayTheLine = numbers.includes(line.lineNumber);
  return [...noticeLinks(brand), ...(mayTheLine ? lineLinks(brand) : []), ...warpLinks(brand)];
}

function noticeLinks({ services }: Brand): readonly ServiceLink[] {
  return [
    {
      href: '/services/call-notice',
      text: services.call.name,
      description: '電話の着信があったことを、メールでお知らせします。',
    },
    {
      href: '/services/fax-notice',
      text: services.fax.name,
      description: 'FAXを受信したことを、メールでお知らせします。',
    },
  ];
}

/** Those of the whole line go with its number. */
function lineLinks({ services }: Brand): readonly ServiceLink[] {
  return [
    {
      href: '/services/fault-notice',
      text: `${services.fault.name}機能`,
      description: '回線の故障と回復を、メールでお知らせします。',
    },
    {
      href: '/services/bulk-transfer',
      text: '一括転送機能',
      description: '災害などのときに、契約回線の電話番号をまとめて転送します。',
    },
  ];
}

function warpLinks({ words }: Brand): readonly ServiceLink[] {
  return [
    {
      href: '/services/voice-warp',
      text: words.voiceWarp,
      description: 'かかってきた電話を、ほかの電話へ転送します。',
    },
  ];
}

/** サービス選択: the services contracted. */
export function servicesPage(brand: Brand, subscriber: Subscriber): PageContent {
  return {
    heading: 'サービス選択',
    trail: menuTrail(brand),
    body: (
      <>
        <p>設定するサービスを選んでください。ご契約内容により、表示されるサービスが異なります。</p>
        <LinkList links={serviceLinks(brand, subscriber)} />
      </>
    ),
  };
}

/** A page that is not there yet. */
export function comingPage(brand: Brand, heading: string, above?: Link): PageContent {
  const trail = [...menuTrail(brand), ...(above ? [above] : [])];
  const back = above?.href ?? '/menu';
  return {
    heading,
    trail,
    body: (
      <>
        <p>この画面は準備中です。ご利用いただけるようになるまで、しばらくお待ちください。</p>
        <Way href={back}>戻る</Way>
      </>
    ),
  };
}
