/** What was typed in a form, as it was typed. */
export interface FormBody {
  /** The first value of a field; empty when there is none. */
  readonly value: (name: string) => string;
  /** All values of a field, in their order. */
  readonly values: (name: string) => readonly string[];
}

/** Reads a form. Any name is only a name: nothing is built from it. */
export function formBody(bytes: Uint8Array): FormBody {
  const fields = new URLSearchParams(new TextDecoder().decode(bytes));
  return {
    value: (name) => fields.get(name) ?? '',
    values: (name) => fields.getAll(name),
  };
}
