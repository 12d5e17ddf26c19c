import type { VNode } from 'preact';
import { described, Field, type FieldProps } from './field.tsx';

/**
 * A password. It is never sent back to the page, and any length may be typed or pasted. The script adds a button that
 * shows it.
 */
export function PasswordField({
  autocomplete,
  rules,
  ...field
}: FieldProps & {
  /** A section keeps another password apart from the one to log in with. */
  readonly autocomplete: `${'' | 'section-confirmation ' | 'section-ip-phone '}${'current' | 'new'}-password`;
  /** What a new one has to be like, as Apple's password manager reads it: `minlength: 8; …`. */
  readonly rules?: string;
}): VNode {
  return (
    <Field field={field}>
      <div class="password">
        <input
          {...described(field)}
          {...(rules && { passwordrules: rules })}
          type="password"
          autocomplete={autocomplete}
        />
      </div>
    </Field>
  );
}
