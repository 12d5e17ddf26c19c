import type { VNode } from 'preact';
import type { Brand } from '#mail';
import { Button, TextField } from '#pages';
import { limitsOfBrand, type Recipient } from '#rules';
import { Checkbox } from '../../ui/choices.tsx';
import { MissingFirst } from '../../ui/missing-first.tsx';
import { fieldOfRow, filledRows, rowNumbers } from '../setting/filled-rows.ts';
import { servicePath } from '../services/service-trail.ts';
import type { FactRows, Setting, SettingPage, Shown, Typed } from '../setting/setting-page.tsx';

/** What the notices have in common. */
export interface Notice {
  readonly enabled: boolean;
  readonly recipients: readonly Recipient[];
}

/** 送信先メールアドレス設定: the recipients of a notice (C2, C13), each with its test mail (C12). */
export function recipientsPage(brand: Brand, { service, number }: Setting<Notice>): SettingPage<Notice> {
  const { recipients: most } = limitsOfBrand(brand.limits);
  // A brand may allow fewer of them than it did.
  const rowsOf = ({ recipients }: Notice): number => Math.max(most, recipients.length);
  return {
    name: 'recipients',
    heading: '送信先メールアドレス設定',
    fields: ({ recipients }) => Object.fromEntries(recipients.flatMap(fieldsOf)),
    document: (typed, stored) => {
      const filled = filledRows(typed, 'address', rowsOf(stored));
      return { ...stored, recipients: filled.map((row) => typedRecipient(typed, row)) };
    },
    // C3: the first one is missing where all of them are.
    fieldOf: (path, typed, stored) =>
      fieldOfRow(path, 'address', filledRows(typed, 'address', rowsOf(stored))) || 'address1',
    facts: recipientFacts,
    controls: (shown) => (
      <>
        {isForNothing(shown.stored.value) && (
          <MissingFirst
            kind="help"
            path={`${servicePath(service, number)}/service`}
            name="サービス開始／停止"
          >
            現在、サービスは停止しています。お知らせを受け取るには、サービスを開始してください。
          </MissingFirst>
        )}
        {isForNobody(shown.stored.value) && <p class="warning">{NONE_TICKED}</p>}
        <Controls brand={brand} rows={rowsOf(shown.stored.value)} shown={shown} />
      </>
    ),
  };
}

/** The address of a row, as it is meant: full width is none of the rules' business. */
export const typedAddress = (typed: Typed, row: number): string =>
  typed(`address${row}`).normalize('NFKC').trim();

/** The recipients in words. */
function recipientFacts({ recipients }: Notice): FactRows {
  if (recipients.length === 0) return [['送信先メールアドレス', 'なし']];
  return recipients.map(({ address, enabled }, index) => [
    `送信先メールアドレス${index + 1}`,
    `${address}（${enabled ? '送信する' : '送信しない'}）`,
  ]);
}

function fieldsOf({ address, enabled }: Recipient, index: number): readonly (readonly [string, string])[] {
  return [
    [`address${index + 1}`, address],
    [`send${index + 1}`, enabled ? 'on' : ''],
  ];
}

function typedRecipient(typed: Typed, row: number): Recipient {
  return { address: typedAddress(typed, row), enabled: typed(`send${row}`) === 'on' };
}

/** Whoever has set recipients expects mails. */
const isForNothing = ({ enabled, recipients }: Notice): boolean => !enabled && recipients.length > 0;

/** Started, with recipients that all have their box empty. */
export const isForNobody = ({ enabled, recipients }: Notice): boolean =>
  enabled && !recipients.some((one) => one.enabled);

/** What that means. */
export const NONE_TICKED =
  '「送信」にチェックの入った送信先メールアドレスがないため、お知らせはどこにも送信されません。';

const LEGACY =
  'メールアドレスの規格に合わない形のため、お知らせが届かないことがあります。ほかのメールアドレスへの変更をおすすめします。';

function Controls({ brand, rows, shown }: { brand: Brand; rows: number; shown: Shown<Notice> }): VNode {
  const { stored, typed, errors } = shown;
  const legacy = new Set(
    stored.warnings.map(({ path }) => stored.value.recipients[Number(path.split('.')[1])]?.address),
  );
  return (
    <>
      <Remarks brand={brand} />
      {/* Enter in a field presses the first button of its form: that is to be 設定, not a test. */}
      <button type="submit" class="default-button" tabIndex={-1} aria-hidden="true">
        設定
      </button>
      {rowNumbers(rows).map((row) => (
        <div key={row} class="row">
          <TextField
            name={`address${row}`}
            label={`送信先メールアドレス${row}`}
            value={typed(`address${row}`)}
            support={legacy.has(typed(`address${row}`)) && LEGACY}
            error={errors?.[`address${row}`]}
            keyboard="email"
            autocomplete="email"
          />
          <div class="beside">
            <Checkbox name={`send${row}`} label={`送信${row}`} checked={typed(`send${row}`) === 'on'} />
            <Button kind="quiet" name="test" value={String(row)}>{`送信テスト${row}`}</Button>
          </div>
        </div>
      ))}
    </>
  );
}

function Remarks({ brand }: { brand: Brand }): VNode {
  return (
    <ul class="remarks">
      <li>お知らせを送信するメールアドレスの「送信」にチェックを入れてください。</li>
      <li>
        登録を誤ると、第三者にお知らせが届くおそれがあります。「送信テスト」を押し、正しく届くことを確認してください。
      </li>
      <li>
        受信を制限している場合は、「<span class="whole">{brand.mail.domain}</span>
        」からのメールを受信できるようにしてください。
      </li>
    </ul>
  );
}
