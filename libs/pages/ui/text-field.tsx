import type { VNode } from 'preact';
import { described, Field, type FieldProps } from './field.tsx';

/** The keyboards of a telephone that we ask for. */
type Keyboard = 'text' | 'tel' | 'numeric' | 'email';

/** One line of text. */
export function TextField({
  value,
  keyboard = 'text',
  autocomplete = 'off',
  ...field
}: FieldProps & {
  /** What was typed, or is set now. */
  readonly value: string;
  readonly keyboard?: Keyboard;
  /** What the browser may fill in. */
  readonly autocomplete?: 'off' | 'username' | 'email' | 'one-time-code' | 'section-confirmation username';
}): VNode {
  return (
    <Field field={field}>
      <input
        {...described(field)}
        type="text"
        inputMode={keyboard}
        autocomplete={autocomplete}
        // A telephone would begin an id or an address with a capital letter, and correct it.
        autocapitalize="none"
        spellcheck={false}
        value={value}
      />
    </Field>
  );
}
