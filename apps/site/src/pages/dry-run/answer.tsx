import type { VNode } from 'preact';
import { Ways } from '#pages';
import { noMailSentence, whyNoMail, type CallNotice, type DecidingSetting } from '#rules';
import type { DryRun } from '#settings';
import { subscriberLoginOf, type SiteRequest } from '../../http/site-request.ts';
import { settingLinks } from '../notice/setting-links.ts';

/** What a dry run is shown with. */
interface Answered {
  readonly request: SiteRequest;
  readonly number: string;
  readonly answer: DryRun;
  readonly tried: CallNotice;
  readonly stored: CallNotice;
  /** The call, as a person says it: `090-1234-5678（通話）`. */
  readonly call: string;
}

/** What would happen, in words, with the way to the settings that led to it. A screen reader says it at once. */
export function DryRunAnswer({ request, number, answer, tried, stored, call }: Answered): VNode {
  const { subscriber } = subscriberLoginOf(request);
  const why = whyNoMail(answer.reason);
  const changed = changedSettings(tried, stored);
  const settings = [...new Set([...(why?.settings ?? []), ...changed])];
  return (
    <div class={why ? 'answer' : 'answer mailed'} role="status">
      <p>試した着信：{call}</p>
      {why ? (
        <>
          <p class="lead">メールは送信されません。</p>
          <p>{noMailSentence(why, request.brand.words, '送信しません')}。</p>
        </>
      ) : (
        <Mailed to={answer.recipients} />
      )}
      {changed.length > 0 && (
        <p>保存されていない設定で試した結果です。この設定で利用するには、保存してください。</p>
      )}
      <Ways links={settingLinks(settings, { line: subscriber.line, number, kind: 'call' })} />
    </div>
  );
}

function Mailed({ to }: { to: readonly string[] }): VNode {
  return (
    <>
      <p class="lead">次の送信先へメールが送信されます。</p>
      <ul>
        {to.map((address) => (
          <li key={address}>{address}</li>
        ))}
      </ul>
    </>
  );
}

/** The pages on which what was tried would have to be set. */
function changedSettings(tried: CallNotice, stored: CallNotice): readonly DecidingSetting[] {
  const isService = tried.enabled !== stored.enabled;
  const isConditions =
    tried.targetCallersOnly !== stored.targetCallersOnly || tried.unansweredOnly !== stored.unansweredOnly;
  return [...(isService ? (['service'] as const) : []), ...(isConditions ? (['conditions'] as const) : [])];
}
