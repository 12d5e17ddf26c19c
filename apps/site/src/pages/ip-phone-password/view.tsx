import type { VNode } from 'preact';
import type { IpPhoneOutage, IpPhoneState } from '#access';
import { shownNumber } from '#mail';
import {
  Button,
  Facts,
  type FieldErrors,
  Form,
  type PageContent,
  PasswordField,
  shownMoment,
  shownSpan,
  TextField,
  Way,
} from '#pages';
import { IP_PHONE_RULES, IP_PHONE_SUPPORT } from '../../ui/access-sentences.ts';
import { UnderWay } from '../../ui/under-way.tsx';

const HEADING = 'IP加入電話パスワード変更';
const PATH = '/self-care/ip-phone-password';
const MENU = { href: '/self-care/menu', text: 'メニュー' };

/** What the form shows: the number that was typed, and the changes that are under way. */
interface IpPhoneForm {
  readonly number: string;
  readonly changes?: readonly IpPhoneState[];
  readonly errors?: FieldErrors;
}

/** The form: the number, its current password, and the new one twice (V4). */
export function ipPhonePage({ number, changes = [], errors }: IpPhoneForm): PageContent {
  return {
    heading: HEADING,
    trail: [MENU],
    errors,
    body: (
      <>
        {changes.map((change) => (
          <OpenChange key={change.number} change={change} />
        ))}
        <p>
          ここでは、IP加入電話パスワードの変更が行えます。お手続きの後、新しいパスワードがシステムへ反映されるまで、電話の発着信ができません。ご利用になれない時間は、次の画面でご確認いただけます。
        </p>
        <Form action={PATH}>
          <TextField
            name="number"
            label="IP加入電話番号"
            support="パスワードを変更する番号（例：05012345678）"
            value={number}
            error={errors?.['number']}
            keyboard="tel"
            required
          />
          <Password name="current" label="現IP加入電話パスワード" errors={errors} />
          <Password name="next" label="新IP加入電話パスワード" errors={errors} />
          <Password name="again" label="新IP加入電話パスワード（確認用）" errors={errors} />
          <Button>更新</Button>
        </Form>
        <Remarks />
      </>
    ),
  };
}

/** The section keeps it apart from the password of the login. */
function Password({
  errors,
  ...field
}: {
  name: 'current' | 'next' | 'again';
  label: string;
  errors: FieldErrors | undefined;
}): VNode {
  const error = errors?.[field.name];
  if (field.name === 'current')
    return (
      <PasswordField {...field} error={error} autocomplete="section-ip-phone current-password" required />
    );
  return (
    <PasswordField
      {...field}
      {...(field.name === 'next' && { support: IP_PHONE_SUPPORT })}
      error={error}
      autocomplete="section-ip-phone new-password"
      rules={IP_PHONE_RULES}
      required
    />
  );
}

/** What the operator asks everybody to read (S4). */
function Remarks(): VNode {
  return (
    <section class="help">
      <h2>ご注意事項</h2>
      <ul class="remarks">
        <li>
          IP加入電話パスワードを変更した場合、お客様のIP電話対応機器の設定変更が必要です。設定変更を行わないと、IP電話による発信、着信ができなくなります。
        </li>
        <li>変更のお手続きの後、システムへ反映されるまで、電話の発着信ができません。</li>
      </ul>
    </section>
  );
}

/** Asks once more: from when to when calls would not work. */
export function confirmIpPhonePage(outage: IpPhoneOutage): PageContent {
  return {
    heading: `${HEADING}の確認`,
    trail: [MENU, { href: PATH, text: HEADING }],
    body: (
      <>
        <p class="lead">まだ変更されていません。内容を確認し、「確定」を押してください。</p>
        <Facts
          rows={[
            ['IP加入電話番号', shownNumber(outage.number)],
            ['電話を利用できない時間', <Outage key="outage" outage={outage} />],
          ]}
        />
        <Form action={`${PATH}/confirm`}>
          <input type="hidden" name="until" value={outage.effectiveAt} />
          <Button>確定</Button>
        </Form>
        <Way href={PATH}>変更しない</Way>
        <Remarks />
      </>
    ),
  };
}

/** From when to when calls do not work; never shorter than it is. */
function Outage({ outage: { at, effectiveAt } }: { outage: IpPhoneOutage }): VNode {
  return (
    <>
      <strong>{shownSpan(at, Math.ceil(effectiveAt / 60_000) * 60_000)}</strong>
      （この間、電話の発着信ができません）
    </>
  );
}

/** After the change. */
export function ipPhoneChangedPage(changes: readonly IpPhoneState[]): PageContent {
  return {
    heading: HEADING,
    trail: [MENU],
    notice: 'IP加入電話パスワードの変更が完了しました。',
    body: (
      <>
        <p class="lead">IP電話対応機器の設定を、新しいパスワードに変更してください。</p>
        {changes.map((change) => (
          <section key={change.number}>
            <OpenChange change={change} />
          </section>
        ))}
        <Way href={MENU.href}>メニューへ戻る</Way>
      </>
    ),
  };
}

/** A change that is not in force yet, and whether the switch is told (V5). */
function OpenChange({ change }: { change: IpPhoneState }): VNode {
  return (
    <>
      {!change.isTold && <UnderWay what={`${shownNumber(change.number)}の新しいパスワード`} />}
      <Facts
        rows={[
          ['IP加入電話番号', shownNumber(change.number)],
          ['変更日時', shownMoment(change.at)],
          ['電話を利用できない時間', <Outage key="outage" outage={change} />],
        ]}
      />
    </>
  );
}
