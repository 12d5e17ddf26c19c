import type { ComponentChildren, VNode } from 'preact';
import { type FieldProps, FieldTexts, RequiredMark } from '#pages';

/** One of the choices. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  /** What it means, below the label. */
  readonly support?: ComponentChildren;
}

/** Radios: one of several. `value` is the chosen one, `undefined` for none yet. */
export function Choices({
  choices,
  value,
  ...field
}: FieldProps & { readonly choices: readonly Choice[]; readonly value: string | undefined }): VNode {
  const { name, label, support, error, required } = field;
  const ids = [support && `${name}-support`, error && `${name}-error`].filter(Boolean).join(' ');
  return (
    <fieldset class={error ? 'field wrong' : 'field'} aria-describedby={ids || undefined}>
      <legend class="label">
        {label}
        {required && <RequiredMark />}
      </legend>
      <FieldTexts {...field} />
      {choices.map((choice, index) => (
        <ChoiceRow
          key={choice.value}
          type="radio"
          // The error summary leads to the first one.
          id={index === 0 ? name : `${name}-${index + 1}`}
          name={name}
          choice={choice}
          checked={choice.value === value}
        />
      ))}
    </fieldset>
  );
}

/** A box to tick. Its value in the form is `on`. */
export function Checkbox({
  name,
  label,
  support,
  checked,
}: {
  readonly name: string;
  readonly label: string;
  readonly support?: ComponentChildren;
  readonly checked: boolean;
}): VNode {
  return (
    <ChoiceRow
      type="checkbox"
      id={name}
      name={name}
      choice={{ value: 'on', label, support }}
      checked={checked}
    />
  );
}

/** One of several radios that stand apart, each in a row of its own; the label says which row. */
export function Radio({
  id,
  name,
  value,
  label,
  checked,
}: {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly label: string;
  readonly checked: boolean;
}): VNode {
  return <ChoiceRow type="radio" id={id} name={name} choice={{ value, label }} checked={checked} />;
}

function ChoiceRow({
  type,
  id,
  name,
  choice: { value, label, support },
  checked,
}: {
  type: 'radio' | 'checkbox';
  id: string;
  name: string;
  choice: Choice;
  checked: boolean;
}): VNode {
  const supportId = `${id}-more`;
  return (
    <div class="choice">
      <input
        type={type}
        id={id}
        name={name}
        value={value}
        checked={checked}
        aria-describedby={support ? supportId : undefined}
      />
      <label for={id}>{label}</label>
      {support && (
        <p class="support" id={supportId}>
          {support}
        </p>
      )}
    </div>
  );
}
