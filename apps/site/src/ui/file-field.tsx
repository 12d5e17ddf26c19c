import type { VNode } from 'preact';
import { described, Field, type FieldProps } from '#pages';

/** A file to choose. `accept`: what the browser shows first, such as `.csv`; whoever wants may choose another. */
export function FileField({ accept, ...field }: FieldProps & { readonly accept: string }): VNode {
  return (
    <Field field={field}>
      <input {...described(field)} type="file" accept={accept} />
    </Field>
  );
}
