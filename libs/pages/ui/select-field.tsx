import type { VNode } from 'preact';
import { described, Field, type FieldProps } from './field.tsx';

/** One of several that have short names, in a list that opens. */
export function SelectField({
  options,
  value,
  ...field
}: FieldProps & {
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** The chosen one. */
  readonly value: string;
}): VNode {
  return (
    <Field field={field}>
      <select {...described(field)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}
