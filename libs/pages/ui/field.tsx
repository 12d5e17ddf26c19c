import type { ComponentChildren, VNode } from 'preact';
import { Phrases } from './phrases.tsx';

/** What every field has. */
export interface FieldProps {
  /** The field's name in the form, and its id on the page. */
  readonly name: string;
  readonly label: string;
  /** What to type, below the label. */
  readonly support?: ComponentChildren;
  /** What is wrong with what was typed. */
  readonly error?: string | undefined;
  readonly required?: boolean;
}

/** The attributes that tie an input to its support text and its error. */
export function described({ name, support, error, required }: FieldProps): {
  readonly id: string;
  readonly name: string;
  readonly required: boolean;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
} {
  const ids = [support && `${name}-support`, error && `${name}-error`].filter(Boolean);
  return {
    id: name,
    name,
    required: required ?? false,
    'aria-describedby': ids.length > 0 ? ids.join(' ') : undefined,
    'aria-invalid': error ? 'true' : undefined,
  };
}

/** A label, what to type, what is wrong, and the input. */
export function Field({ field, children }: { field: FieldProps; children: ComponentChildren }): VNode {
  const { name, label, required } = field;
  return (
    <div class={field.error ? 'field wrong' : 'field'}>
      <div class="label">
        <label for={name}>
          <Phrases text={label} />
        </label>
        {required && <RequiredMark />}
      </div>
      <FieldTexts {...field} />
      {children}
    </div>
  );
}

/** Seen alone: a control's name stays what people look for, and `required` tells the rest. */
export function RequiredMark(): VNode {
  return (
    <span class="required" aria-hidden="true">
      必須
    </span>
  );
}

/** The support text and the error, with the ids that `described` refers to. */
export function FieldTexts({ name, support, error }: FieldProps): VNode {
  return (
    <>
      {support && (
        <p class="support" id={`${name}-support`}>
          {support}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </>
  );
}
