import type { ComponentChildren } from 'preact';
import { Choices } from '../../ui/choices.tsx';
import type { SettingPage } from '../setting/setting-page.tsx';

/** The words of a page that starts and stops something. */
export interface StartWords<T> extends Pick<SettingPage<T>, 'name' | 'heading'> {
  /** What is started: the name of the radios. */
  readonly label: string;
  /** What each radio means. */
  readonly started: string;
  readonly stopped: string;
  /** Why it cannot be started yet, with the way to what is missing; nothing when it can. */
  readonly missing: (value: T) => ComponentChildren;
}

/** A page with the radios 開始 and 停止 for the field `key` of a part of settings. */
export function startPage<K extends string, T extends Readonly<Record<K, boolean>>>(
  key: K,
  { name, heading, label, started, stopped, missing }: StartWords<T>,
): SettingPage<T> {
  return {
    name,
    heading,
    fields: (value) => ({ [key]: value[key] ? 'on' : 'off' }),
    // Neither of them is left to the rules to refuse.
    document: (typed, stored) => ({ ...stored, [key]: CHOSEN.get(typed(key)) }),
    // C3: what is missing for a start is on another page.
    fieldOf: () => key,
    facts: (value) => [[label, startedOrStopped(value[key])]],
    controls: ({ typed, errors, stored }) => (
      <>
        {missing(stored.value)}
        <Choices
          name={key}
          label={label}
          choices={[
            { value: 'on', label: '開始', support: started },
            { value: 'off', label: '停止', support: stopped },
          ]}
          value={typed(key)}
          error={errors?.[key]}
        />
      </>
    ),
  };
}

/** What the radios stand for. */
export const CHOSEN: ReadonlyMap<string, boolean> = new Map([
  ['on', true],
  ['off', false],
]);

/** As pages say it of a service, or of one of its functions. */
export const startedOrStopped = (isOn: boolean): string => (isOn ? '開始' : '停止');
