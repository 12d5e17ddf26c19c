import type { VNode } from 'preact';
import { CALL_STATES, shownNumber } from '#mail';
import { Button, type FieldErrors, Form, type PageContent, SelectField, TextField } from '#pages';
import { parseCallerNumber, type CallNotice } from '#rules';
import type { DryRun } from '#settings';
import type { SiteRequest } from '../../http/site-request.ts';
import { Checkbox, Choices } from '../../ui/choices.tsx';
import { ConditionBoxes, conditionFields, typedConditions } from '../call-notice/conditions-page.tsx';
import { servicePath, serviceTrail } from '../services/service-trail.ts';
import type { Setting, Typed } from '../setting/setting-page.tsx';
import { DryRunAnswer } from './answer.tsx';

/** What is tried, and what came of it. */
export interface Trial {
  readonly setting: Setting<CallNotice>;
  readonly stored: CallNotice;
  readonly typed: Typed;
  readonly answer?: DryRun;
  readonly errors?: FieldErrors;
}

/** この設定を試す: a call to make up, and the conditions, which begin as they are saved. */
export function dryRunPage(request: SiteRequest, trial: Trial): PageContent {
  const { setting, stored, typed, answer, errors } = trial;
  const { service, number } = setting;
  const tried = triedNotice(typed, stored);
  return {
    heading: 'この設定を試す',
    trail: serviceTrail(request, service, { number, isBelow: true }),
    number,
    errors,
    body: (
      <>
        {answer && (
          <DryRunAnswer
            request={request}
            number={number}
            answer={answer}
            tried={tried}
            stored={stored}
            call={triedCall(typed)}
          />
        )}
        <p>
          電話がかかってきたときに、お知らせメールが送信されるかどうかを確認できます。メールは送信されず、設定も変更されません。
        </p>
        <Form action={`${servicePath(service, number)}/dry-run`}>
          <Call typed={typed} errors={errors} />
          <Conditions typed={typed} errors={errors} />
          <Button>試す</Button>
        </Form>
      </>
    ),
  };
}

type Entries = Pick<Trial, 'typed'> & { readonly errors: FieldErrors | undefined };

const OUTCOMES = Object.entries(CALL_STATES).map(([value, label]) => ({ value, label }));

function Call({ typed, errors }: Entries): VNode {
  return (
    <>
      <TextField
        name="caller"
        label="発信者電話番号"
        support="市外局番から入力してください。"
        value={typed('caller')}
        error={errors?.['caller']}
        keyboard="tel"
      />
      <Checkbox
        name="withheld"
        label="非通知"
        support="発信者が電話番号を通知しない着信を試すときに、チェックを入れてください。"
        checked={typed('withheld') === 'on'}
      />
      <SelectField
        name="outcome"
        label="着信状態"
        options={OUTCOMES}
        value={typed('outcome')}
        error={errors?.['outcome']}
      />
    </>
  );
}

function Conditions({ typed, errors }: Entries): VNode {
  return (
    <section>
      <h2>試す設定</h2>
      <p>現在の設定から条件を変えて試すことができます。ここで変更しても、保存されません。</p>
      <Choices
        name="enabled"
        label="サービス"
        choices={[
          { value: 'on', label: '開始' },
          { value: 'off', label: '停止' },
        ]}
        value={typed('enabled')}
        error={errors?.['enabled']}
      />
      <ConditionBoxes
        typed={typed}
        targetCallers="お知らせ対象電話番号は、保存されているもので確認します。"
      />
    </section>
  );
}

function triedCall(typed: Typed): string {
  const parsed = parseCallerNumber(typed('caller'));
  const outcome = OUTCOMES.find(({ value }) => value === typed('outcome'));
  return `${parsed.ok ? shownNumber(parsed.number) : typed('caller') || '非通知'}（${outcome?.label ?? ''}）`;
}

/** What stands in the fields before anything is typed: an unanswered call, and what is saved. */
export function asStored(stored: CallNotice): Typed {
  const fields = new Map([
    ['outcome', 'unanswered'],
    ['enabled', stored.enabled ? 'on' : 'off'],
    ...Object.entries(conditionFields(stored)),
  ]);
  return (field) => fields.get(field) ?? '';
}

function triedNotice(typed: Typed, stored: CallNotice): CallNotice {
  return { ...stored, enabled: typed('enabled') === 'on', ...typedConditions(typed) };
}

/** The document of the dry run, as `#settings` reads it. */
export function triedDocument(typed: Typed, stored: CallNotice): unknown {
  const number = typed('caller').trim();
  const caller = {
    ...(number !== '' && { number }),
    ...(typed('withheld') === 'on' && { withheld: 'P' }),
  };
  return { event: { caller, outcome: typed('outcome') }, settings: triedNotice(typed, stored) };
}

/** The field to blame for a path of that document, `''` for none. */
export function fieldOf(path: string): string {
  if (path.startsWith('event.caller')) return 'caller';
  if (path === 'event.outcome') return 'outcome';
  // C3: what is missing for a start.
  return path === 'settings.recipients' ? 'enabled' : '';
}
