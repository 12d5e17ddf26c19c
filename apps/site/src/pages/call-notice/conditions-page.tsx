import type { VNode } from 'preact';
import type { CallNotice } from '#rules';
import { Checkbox } from '../../ui/choices.tsx';
import { MissingFirst } from '../../ui/missing-first.tsx';
import { servicePath } from '../services/service-trail.ts';
import type { FactRows, Setting, SettingPage, Typed } from '../setting/setting-page.tsx';

/** The names of the conditions (C4, C5). */
const TARGET_CALLERS = 'お知らせ対象電話番号からの着信のみお知らせする';
const UNANSWERED = '応答できなかった着信のみお知らせする';

/** What is set of the conditions, in words. */
export function conditionFacts({ targetCallersOnly, unansweredOnly }: CallNotice): FactRows {
  return [
    [TARGET_CALLERS, onOrOff(targetCallersOnly)],
    [UNANSWERED, onOrOff(unansweredOnly)],
  ];
}

/** メール送信条件設定: which calls are notified (C4, C5), with the way to the target callers that C4 needs. */
export function conditionsPage({ service, number }: Setting<CallNotice>): SettingPage<CallNotice> {
  return {
    name: 'conditions',
    heading: 'メール送信条件設定',
    fields: conditionFields,
    document: (typed, stored) => ({ ...stored, ...typedConditions(typed) }),
    fieldOf: () => '',
    facts: conditionFacts,
    controls: ({ typed, stored }) => (
      <>
        {isForNobody(stored.value) && (
          <MissingFirst
            path={`${servicePath(service, number)}/target-callers`}
            name="お知らせ対象電話番号設定"
          >
            お知らせ対象電話番号が指定されていないため、どの着信もお知らせしません。
          </MissingFirst>
        )}
        <p>
          条件を設定する場合は、チェックを入れてください。どちらにもチェックを入れると、両方に当てはまる着信だけをお知らせします。
        </p>
        <ConditionBoxes
          typed={typed}
          targetCallers="「お知らせ対象電話番号設定」で指定した電話番号からの着信です。非通知の着信はお知らせしません。"
        />
      </>
    ),
  };
}

const isForNobody = ({ targetCallersOnly, targetCallers }: CallNotice): boolean =>
  targetCallersOnly && !targetCallers.some(({ enabled }) => enabled);

/** The conditions as their boxes show them. */
export function conditionFields({
  targetCallersOnly,
  unansweredOnly,
}: CallNotice): Readonly<Record<keyof Conditions, string>> {
  return {
    targetCallersOnly: targetCallersOnly ? 'on' : '',
    unansweredOnly: unansweredOnly ? 'on' : '',
  };
}

type Conditions = Pick<CallNotice, 'targetCallersOnly' | 'unansweredOnly'>;

/** The conditions as their boxes were ticked. */
export function typedConditions(typed: Typed): Conditions {
  return {
    targetCallersOnly: typed('targetCallersOnly') === 'on',
    unansweredOnly: typed('unansweredOnly') === 'on',
  };
}

/** The boxes of the conditions; `targetCallers` says which callers are meant. */
export function ConditionBoxes({ typed, targetCallers }: { typed: Typed; targetCallers: string }): VNode {
  return (
    <div class="choices">
      <Checkbox
        name="targetCallersOnly"
        label={TARGET_CALLERS}
        support={targetCallers}
        checked={typed('targetCallersOnly') === 'on'}
      />
      <Checkbox name="unansweredOnly" label={UNANSWERED} checked={typed('unansweredOnly') === 'on'} />
    </div>
  );
}

const onOrOff = (isOn: boolean): string => (isOn ? 'オン' : 'オフ');
