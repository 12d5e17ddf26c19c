import type { VNode } from 'preact';
import { shownNumber } from '#mail';
import { Button, Facts, Form, type PageContent, Way } from '#pages';
import type { BulkTransferSettings } from '#rules';
import type { Stored } from '#settings';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { MissingFirst } from '../../ui/missing-first.tsx';
import { startPage } from '../notice/start-page.tsx';
import { serviceTrail } from '../services/service-trail.ts';
import type { Setting, SettingPage } from '../setting/setting-page.tsx';

const HEADING = 'サービス開始／停止設定';
const PATH = '/line/bulk-transfer/service';

const START_PAGE = startPage<'enabled', BulkTransferSettings>('enabled', {
  name: 'service',
  heading: HEADING,
  label: '一括転送',
  started: '転送先を設定した電話番号への着信を、まとめて転送します。',
  stopped: '転送をやめます。転送先電話番号は、そのまま残ります。',
  missing: ({ destinations }) =>
    Object.keys(destinations).length === 0 && (
      <MissingFirst path="/line/bulk-transfer/destinations" name="転送先電話番号の設定">
        一括転送を開始するには、転送先電話番号の設定が必要です。
      </MissingFirst>
    ),
});

/** サービス開始／停止設定: whether the line's numbers are forwarded (V2). What a fault has started is not stored (R3). */
export const SERVICE_PAGE: SettingPage<BulkTransferSettings> = {
  ...START_PAGE,
  controls: (form) => (
    <>
      <ul class="remarks">
        <li>
          この画面には、この画面で設定した「開始」または「停止」が表示されます。回線の故障により自動で始まった転送と、回復により自動で止まった転送は、表示されません。
        </li>
        <li>自動で始まった転送を止めるときは、「停止」を選び、「設定」を押してください。</li>
      </ul>
      {START_PAGE.controls(form)}
    </>
  ),
};

/** Asks once more before the start, because the forwarded calls cost something. */
export function confirmStartContent(
  request: SiteRequest,
  { service, number }: Setting<BulkTransferSettings>,
  { value, version }: Stored<BulkTransferSettings>,
): PageContent {
  const { numbers } = subscriberLoginOf(request).subscriber;
  return {
    heading: '一括転送の開始の確認',
    trail: [...serviceTrail(request, service, { number, isBelow: true }), { href: PATH, text: HEADING }],
    number,
    body: (
      <>
        <p class="lead">
          {value.enabled
            ? 'すでに「開始」に設定されています。もう一度開始するときは、内容を確認し、「確定」を押してください。'
            : 'まだ開始していません。内容を確認し、「確定」を押してください。'}
        </p>
        <Forwarded destinations={Object.entries(value.destinations)} mayBeNamed={numbers} />
        <ul class="remarks">
          <li>上の電話番号への着信は、停止するまで、すべて転送先へ転送されます。</li>
          <li>転送先までの通話料は、お客様のご負担となります。</li>
        </ul>
        <Form action="/line/bulk-transfer/start">
          <input type="hidden" name="version" value={version} />
          <input type="hidden" name="enabled" value="on" />
          <Button>確定</Button>
        </Form>
        <Way href={PATH}>開始しない</Way>
      </>
    ),
  };
}

/** So many are named; of more the count says enough. */
const MOST_NAMED = 10;

/** What would be forwarded where. Of numbers that this login may not set, only how many they are (A1). */
function Forwarded({
  destinations,
  mayBeNamed,
}: {
  destinations: readonly (readonly [string, string])[];
  mayBeNamed: readonly string[];
}): VNode {
  const named = destinations.filter(([from]) => mayBeNamed.includes(from)).slice(0, MOST_NAMED);
  const more = destinations.length - named.length;
  return (
    <Facts
      rows={[
        ['転送する電話番号', `${destinations.length}件`],
        ...named.map(([from, to]) => [shownNumber(from), `${shownNumber(to)} へ転送`] as const),
        ...(more > 0 ? [['ほかの電話番号', `${more}件`] as const] : []),
      ]}
    />
  );
}
