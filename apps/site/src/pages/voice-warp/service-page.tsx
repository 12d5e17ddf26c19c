import type { VNode } from 'preact';
import { TextField } from '#pages';
import { RING_SECONDS, waitsForAnswer, type ForwardingCondition, type VoiceWarp } from '#rules';
import { Choices } from '../../ui/choices.tsx';
import { CHOSEN, startedOrStopped } from '../notice/start-page.tsx';
import { servicePath } from '../services/service-trail.ts';
import type { FactRows, Setting, SettingPage, Shown, Typed } from '../setting/setting-page.tsx';
import { MissingFirst } from '../../ui/missing-first.tsx';

const CONDITIONS: readonly (readonly [ForwardingCondition, string, string])[] = [
  ['unconditional', '無条件転送', '呼出音を鳴らさずに、すべての着信を転送します。'],
  ['no-answer', '無応答時転送', '呼出秒数のあいだに応答がない着信を転送します。'],
  ['busy', '話中時転送', '話し中の着信を転送します。'],
  ['no-answer-or-busy', '無応答時・話中時転送', '応答がない着信と、話し中の着信を転送します。'],
];

/** What the field proposes to who has never set it. */
const USUAL_RING_SECONDS = 20;

/** 開始／停止設定: whether calls are forwarded, and when (V3). */
export function servicePage({ service, number }: Setting<VoiceWarp>): SettingPage<VoiceWarp> {
  return {
    name: 'service',
    heading: '開始／停止設定',
    fields: ({ enabled, condition, ringSeconds = USUAL_RING_SECONDS }) => ({
      enabled: enabled ? 'on' : 'off',
      condition,
      ringSeconds: String(ringSeconds),
    }),
    document: documentOf,
    fieldOf: (at) => FIELDS.find((field) => at === field) ?? (at.startsWith('destinations') ? 'enabled' : ''),
    facts: serviceFacts,
    controls: (shown) => <Controls path={servicePath(service, number)} shown={shown} />,
  };
}

const FIELDS = ['enabled', 'condition', 'ringSeconds'] as const;

function documentOf(typed: Typed, stored: VoiceWarp): unknown {
  const condition = CONDITIONS.map(([one]) => one).find((one) => one === typed('condition'));
  const seconds = typed('ringSeconds').normalize('NFKC').trim();
  const isAsked = condition !== undefined && waitsForAnswer(condition) && /^\d{1,9}$/.test(seconds);
  const { ringSeconds: _before, ...others } = stored;
  return {
    ...others,
    enabled: CHOSEN.get(typed('enabled')),
    condition,
    ...(isAsked && { ringSeconds: Number(seconds) }),
  };
}

/** Whether calls are forwarded, and when, in words. */
export function serviceFacts({ enabled, condition, ringSeconds }: VoiceWarp): FactRows {
  const [, name = ''] = CONDITIONS.find(([one]) => one === condition) ?? [];
  return [
    ['転送', startedOrStopped(enabled)],
    ['転送条件', ringSeconds === undefined ? name : `${name}（呼出秒数：${ringSeconds}秒）`],
  ];
}

function Controls({ path, shown }: { path: string; shown: Shown<VoiceWarp> }): VNode {
  const { typed, errors, stored } = shown;
  const { destinations, destination } = stored.value;
  return (
    <>
      {destinations[destination - 1] === null && (
        <MissingFirst path={`${path}/destinations`} name="転送先電話番号設定">
          転送を開始するには、使用する転送先電話番号の設定が必要です。
        </MissingFirst>
      )}
      <Choices
        name="enabled"
        label="転送"
        choices={[
          { value: 'on', label: '開始', support: '転送先までの通話料は、お客様のご負担となります。' },
          { value: 'off', label: '停止', support: '転送しません。ほかの設定は、そのまま残ります。' },
        ]}
        value={typed('enabled')}
        error={errors?.['enabled']}
      />
      <Condition shown={shown} />
    </>
  );
}

/** When calls are forwarded, and for how long it rings before. */
function Condition({ shown: { typed, errors } }: { shown: Shown<VoiceWarp> }): VNode {
  return (
    <>
      <Choices
        name="condition"
        label="転送条件"
        choices={CONDITIONS.map(([value, label, support]) => ({ value, label, support }))}
        value={typed('condition')}
        error={errors?.['condition']}
      />
      <TextField
        name="ringSeconds"
        label="呼出秒数"
        support={`無応答時に転送するまでの秒数（${RING_SECONDS.least}～${RING_SECONDS.most}秒）。「無応答時転送」と「無応答時・話中時転送」で使われます。`}
        value={typed('ringSeconds')}
        error={errors?.['ringSeconds']}
        keyboard="numeric"
      />
    </>
  );
}
