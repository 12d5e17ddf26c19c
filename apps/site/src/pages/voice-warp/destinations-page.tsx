import type { VNode } from 'preact';
import { shownNumber } from '#mail';
import { TextField } from '#pages';
import { DESTINATIONS, type VoiceWarp } from '#rules';
import { Radio } from '../../ui/choices.tsx';
import { MissingFirst } from '../../ui/missing-first.tsx';
import { rowNumbers } from '../setting/filled-rows.ts';
import { servicePath } from '../services/service-trail.ts';
import type { FactRows, Setting, SettingPage, Shown } from '../setting/setting-page.tsx';

/** 転送先電話番号設定: up to four destinations, one of them in use (V3). */
export function destinationsPage({ service, number }: Setting<VoiceWarp>): SettingPage<VoiceWarp> {
  return {
    name: 'destinations',
    heading: '転送先電話番号設定',
    fields: ({ destinations, destination }) => ({
      ...Object.fromEntries(destinations.map((one, index) => [`destination${index + 1}`, one ?? ''])),
      inUse: String(destination),
    }),
    document: (typed, stored) => ({
      ...stored,
      destinations: rowNumbers(DESTINATIONS).map((row) => {
        const text = typed(`destination${row}`);
        return text.trim() === '' ? null : text;
      }),
      destination: Number(typed('inUse')),
    }),
    fieldOf: (path) => {
      const [name, index] = path.split('.');
      if (name === 'destination') return 'inUse1';
      return index === undefined ? '' : `destination${Number(index) + 1}`;
    },
    facts: destinationFacts,
    controls: (shown) => <Controls path={servicePath(service, number)} shown={shown} />,
  };
}

/** The destinations in words. */
export function destinationFacts({ destinations, destination }: VoiceWarp): FactRows {
  return destinations.map((one, index) => {
    const isInUse = index + 1 === destination;
    const shown = one === null ? 'なし' : shownNumber(one);
    return [`転送先電話番号${index + 1}`, isInUse ? `${shown}（使用する）` : shown];
  });
}

function Controls({ path, shown }: { path: string; shown: Shown<VoiceWarp> }): VNode {
  const { stored, typed, errors } = shown;
  const { enabled, destinations, destination } = stored.value;
  return (
    <>
      {!enabled && destinations[destination - 1] !== null && (
        <MissingFirst kind="help" path={`${path}/service`} name="開始／停止設定">
          現在、転送は停止しています。転送するには、開始してください。
        </MissingFirst>
      )}
      <ul class="remarks">
        <li>転送先の電話番号を入力し、使用する転送先を1つ選んでください。</li>
        <li>110番、119番などや、海外の電話番号は、転送先にできません。</li>
      </ul>
      <div class="rows">
        {rowNumbers(DESTINATIONS).map((row) => (
          <div key={row} class="row">
            <TextField
              name={`destination${row}`}
              label={`転送先電話番号${row}`}
              value={typed(`destination${row}`)}
              error={errors?.[`destination${row}`]}
              keyboard="tel"
            />
            <div class="beside">
              <Radio
                id={`inUse${row}`}
                name="inUse"
                value={String(row)}
                label={`使用する${row}`}
                checked={typed('inUse') === String(row)}
              />
            </div>
          </div>
        ))}
      </div>
    </>
  );
}
